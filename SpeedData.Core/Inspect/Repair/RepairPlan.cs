using SpeedData.Core.Archive;
using SpeedData.Core.Container;

namespace SpeedData.Core.Inspect.Repair;

/// <summary>A file to repair.</summary>
/// <param name="Item">The file.</param>
/// <param name="Target">The path of the repaired file.</param>
public sealed record RepairJob(InspectItem Item, string Target)
{
    /// <summary>The path of the target while it is not finished.</summary>
    public string Part => Target + FileSuffix.Unfinished;

    /// <summary>The path of the target's index; null if the file cannot have one.</summary>
    public string? Index => Item.IndexPath is null ? null : InspectItem.Stem(Target) + FileSuffix.Index;
}

/// <summary>The targets of a repair.</summary>
/// <param name="Jobs">One job for each file.</param>
/// <param name="Refusals">Why the repair must not start, one line each.</param>
public sealed record RepairPlan(IReadOnlyList<RepairJob> Jobs, IReadOnlyList<string> Refusals)
{
    /// <summary>Chooses a target for each file, with the same relative path in the output folder.</summary>
    /// <param name="items">The files to repair. Indexes are repaired with their archives.</param>
    /// <param name="output">The folder for the results.</param>
    public static RepairPlan Make(IEnumerable<InspectItem> items, string output)
    {
        ArgumentNullException.ThrowIfNull(items);
        RepairJob[] jobs = [.. items.Where(item => item.Role != FileRole.Index && item.Trouble is null).Select(item => new RepairJob(item, Target(item, output)))];
        var refusals = new List<string>();
        foreach (RepairJob job in jobs)
        {
            if (IsSameFolder(job.Item.Folder, Path.GetDirectoryName(job.Target)!))
                refusals.Add($"{job.Item.Path} is in the output folder, but no file is repaired in place: choose another --output");
            else if (new[] { job.Target, job.Part, job.Index }.FirstOrDefault(Path.Exists) is { } taken)
                refusals.Add($"{taken} exists already and is not overwritten: remove it, or choose another --output");
        }

        refusals.AddRange(jobs.GroupBy(job => job.Target).Where(same => same.Count() > 1)
            .Select(same => $"{string.Join(" and ", same.Select(job => job.Item.Path))} would both become {same.Key}"));
        return new RepairPlan(jobs, refusals);
    }

    private static string Target(InspectItem item, string output) =>
        Path.GetFullPath(Path.Combine(output, InspectItem.Stem(item.Relative) is { } stem ? stem + FileSuffix.Archive : item.Relative));

    private static bool IsSameFolder(string a, string b) => Real(a) == Real(b);

    private static string Real(string folder)
    {
        try
        {
            return Path.TrimEndingDirectorySeparator(Directory.ResolveLinkTarget(folder, returnFinalTarget: true)?.FullName ?? Path.GetFullPath(folder));
        }
        catch (Exception e) when (OpenFile.IsTrouble(e))
        {
            return Path.GetFullPath(folder);
        }
    }
}
