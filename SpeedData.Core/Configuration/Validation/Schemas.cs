using SpeedData.Core.Configuration.Reading;

namespace SpeedData.Core.Configuration.Validation;

/// <summary>Schema files are there and good, and have the time field that is asked for. Each is judged once, however many channels share it.</summary>
internal static class Schemas
{
    public static void Check(IReadOnlyList<ChannelDraft> drafts, Findings findings, Func<string, SchemaVerdict> judge)
    {
        var verdicts = new Dictionary<string, SchemaVerdict>();
        foreach (ChannelDraft draft in drafts.Where(d => d.Options.SchemaPath.Length > 0))
        {
            string path = draft.Options.SchemaPath;
            if (!verdicts.TryGetValue(path, out SchemaVerdict? verdict))
                verdicts.Add(path, verdict = File.Exists(path) ? judge(path) : Missing(path));
            foreach (string problem in verdict.Problems)
                findings.Fault(draft.Scope, draft.Key("Schema"), path, problem);
            foreach (string warning in verdict.Warnings)
                findings.Warn(draft.Scope, draft.Key("Schema"), path, warning);
            if (verdict.Problems.Count == 0)
                CheckTimeField(draft, findings, verdict.TimeFields);
        }
    }

    private static void CheckTimeField(ChannelDraft draft, Findings findings, IReadOnlyList<string> fields)
    {
        if (draft.Options.Time.Field is not { } name || fields.Contains(name))
            return;
        string remedy = fields.Count == 0 ? "the schema has none; leave the key out" : $"one of {string.Join(", ", fields)} is right";
        findings.Fault(draft.Scope, draft.Key("Time:Field"), name, $"the time field is a long of the record itself, not of a record or union in it; {remedy}");
    }

    private static SchemaVerdict Missing(string path) => new(
        [Directory.Exists(path)
            ? "this is a folder; the path of an .avsc file is right"
            : "there is no such file; the path of an .avsc file is right, relative to the configuration file or absolute"],
        []);
}
