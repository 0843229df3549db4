using SpeedData.Core.Inspect;
using SpeedData.Core.Inspect.Repair;
using SpeedData.Tests.Archive;
using SpeedData.Tests.Support;

namespace SpeedData.Tests.Inspect;

/// <summary>A folder with files to inspect, and a folder for repaired files.</summary>
internal sealed class InspectBench : IDisposable
{
    private readonly TempFolder _root = new();

    public InspectBench()
    {
        Directory.CreateDirectory(In);
    }

    public string In => Path.Combine(_root.Path, "in");

    public string Out => Path.Combine(_root.Path, "out");

    public FaultyFiles Files { get; } = new() { SkipsSyncs = true };

    public string Put(string name, ReadOnlySpan<byte> bytes)
    {
        string path = Path.Combine(In, name);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    public FileReport Verify(string name, CounterOptions? counter = null) =>
        new FileVerifier(counter, null, CancellationToken.None).Verify(InspectPlan.Find([Path.Combine(In, name)]).Items.Single());

    /// <summary>Repairs all files in the folder, into an empty folder.</summary>
    public List<RepairReport> Repair()
    {
        if (Directory.Exists(Out))
            Directory.Delete(Out, recursive: true);
        RepairPlan plan = RepairPlan.Make(InspectPlan.Find([In]).Items, Out);
        Assert.That(plan.Refusals, Is.Empty);
        var repairer = new FileRepairer(Files, null, CancellationToken.None);
        return [.. plan.Jobs.Select(repairer.Repair)];
    }

    /// <summary>Repairs one file.</summary>
    public RepairReport Repair(string path, string? schema)
    {
        if (Directory.Exists(Out))
            Directory.Delete(Out, recursive: true);
        return new FileRepairer(Files, null, CancellationToken.None, schema).Repair(RepairPlan.Make(InspectPlan.Find([path]).Items, Out).Jobs.Single());
    }

    public void Dispose() => _root.Dispose();
}
