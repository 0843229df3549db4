using SpeedData.Core.Configuration.Reading;
using SpeedData.Core.Host;

namespace SpeedData.Core.Configuration.Validation;

/// <summary>
/// Checks that schema files are valid and have the configured time field. Each file is checked once, however many channels share it.
/// If a file is missing, or its file system does not answer, its channel waits for it.
/// </summary>
internal static class SchemaFiles
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public static void Check(IReadOnlyList<ChannelDraft> drafts, Findings findings, Func<string, string?, SchemaVerdict> judge)
    {
        var verdicts = new Dictionary<(string Path, string? Root), SchemaVerdict>();
        var patience = new FilePatience(Patience);
        foreach (ChannelDraft draft in drafts.Where(d => d.Options.SchemaPath.Length > 0))
        {
            List<(string Path, SchemaVerdict Verdict)> schemas = [.. draft.Options.SchemaPaths.Select(path => (path, Of(path, draft.Options.SchemaRoot)))];
            foreach ((string path, SchemaVerdict verdict) in schemas)
                Tell(draft, findings, path, verdict);
            CheckReach(draft, findings, schemas);
        }

        SchemaVerdict Of(string path, string? root)
        {
            if (verdicts.TryGetValue((path, root), out SchemaVerdict? known))
                return known;
            SchemaVerdict? verdict = Within(patience.For(path), () => Judge(path, root, judge));
            if (verdict is null)
                patience.Lose(path);
            return verdicts[(path, root)] = verdict ?? Later("the file system does not answer; the channel waits for it");
        }
    }

    private static void Tell(ChannelDraft draft, Findings findings, string path, SchemaVerdict verdict)
    {
        foreach (string problem in verdict.Problems)
            findings.Fault(draft.Scope, draft.Key("Schema"), path, problem);
        foreach (string warning in verdict.Warnings)
            findings.Warn(draft.Scope, draft.Key("Schema"), path, warning);
        if (verdict.Problems.Count == 0 && verdict.IsKnown)
            CheckTimeField(draft, findings, verdict.TimeFields);
    }

    /// <summary>Checks the order of schemas: a schema after one that takes every datagram of its size would never get a datagram.</summary>
    private static void CheckReach(ChannelDraft draft, Findings findings, List<(string Path, SchemaVerdict Verdict)> schemas)
    {
        for (int i = 1; i < schemas.Count; i++)
        {
            (string path, SchemaVerdict verdict) = schemas[i];
            (string Path, SchemaVerdict Verdict) before = schemas.Take(i).FirstOrDefault(other => other.Path == path || (verdict.FixedSize is not null && other.Verdict.FixedSize == verdict.FixedSize));
            if (before.Path is { } taker)
                findings.Fault(draft.Scope, draft.Key("Schema"), path, $"it gets no datagram: {taker} comes before it and takes all of them, because the bytes do not show which of the two schemas a record has; use a separate channel, or give its records a different size");
        }
    }

    /// <returns>Null if the check takes longer.</returns>
    private static SchemaVerdict? Within(TimeSpan patience, Func<SchemaVerdict> judge)
    {
        if (patience == TimeSpan.Zero)
            return null;
        // Not on a pool thread, because the pool may be needed while this thread hangs.
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

    private static SchemaVerdict Judge(string path, string? root, Func<string, string?, SchemaVerdict> judge)
    {
        return File.Exists(path) || Directory.Exists(path)
            ? judge(path, root)
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
