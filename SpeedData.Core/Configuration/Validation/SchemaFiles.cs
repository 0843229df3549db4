using SpeedData.Core.Configuration.Reading;
using SpeedData.Core.Host;

namespace SpeedData.Core.Configuration.Validation;

/// <summary>
/// Schema files must be valid, and have the time field that is asked for. Each is checked once, however many channels share it.
/// One that is missing, or whose file system does not answer, may come later: its channel waits for it.
/// </summary>
internal static class SchemaFiles
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public static void Check(IReadOnlyList<ChannelDraft> drafts, Findings findings, Func<string, SchemaVerdict> judge)
    {
        var verdicts = new Dictionary<string, SchemaVerdict?>();
        var patience = new FilePatience(Patience);
        foreach (ChannelDraft draft in drafts.Where(d => d.Options.SchemaPath.Length > 0))
        {
            string path = draft.Options.SchemaPath;
            if (!verdicts.TryGetValue(path, out SchemaVerdict? verdict))
            {
                verdicts.Add(path, verdict = Within(patience.For(path), () => Judge(path, judge)));
                if (verdict is null)
                    patience.Lose(path);
            }

            Tell(draft, findings, verdict ?? Later("the file system does not answer; the channel waits for it"));
        }
    }

    private static void Tell(ChannelDraft draft, Findings findings, SchemaVerdict verdict)
    {
        foreach (string problem in verdict.Problems)
            findings.Fault(draft.Scope, draft.Key("Schema"), draft.Options.SchemaPath, problem);
        foreach (string warning in verdict.Warnings)
            findings.Warn(draft.Scope, draft.Key("Schema"), draft.Options.SchemaPath, warning);
        if (verdict.Problems.Count == 0 && verdict.IsKnown)
            CheckTimeField(draft, findings, verdict.TimeFields);
    }

    /// <returns>Null if that takes longer.</returns>
    private static SchemaVerdict? Within(TimeSpan patience, Func<SchemaVerdict> judge)
    {
        if (patience == TimeSpan.Zero)
            return null;
        // Not on a pool thread: the pool may be needed while this one hangs.
        Task<SchemaVerdict> judging = Task.Factory.StartNew(judge, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        try
        {
            return judging.Wait(patience) ? judging.Result : null;
        }
        catch (AggregateException e)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(e.GetBaseException());
            throw;
        }
    }

    private static SchemaVerdict Judge(string path, Func<string, SchemaVerdict> judge)
    {
        if (File.Exists(path))
            return judge(path);
        return Directory.Exists(path)
            ? new SchemaVerdict(["this is a folder; give the path of an .avsc file"], [])
            : Later("there is no such file; the channel waits for it. Give the path of an .avsc file, absolute or relative to the configuration file");
    }

    private static SchemaVerdict Later(string why) => new([], [why]) { IsKnown = false };

    public static void CheckTimeField(ChannelDraft draft, Findings findings, IReadOnlyList<string> fields)
    {
        if (draft.Options.Time.Field is not { } name || fields.Contains(name))
            return;
        string remedy = fields.Count == 0 ? "the schema has none; leave the key out" : $"use one of {string.Join(", ", fields)}";
        findings.Fault(draft.Scope, draft.Key("Time:Field"), name, $"the time field is a long of the record itself, not of a record or union in it; {remedy}");
    }
}
