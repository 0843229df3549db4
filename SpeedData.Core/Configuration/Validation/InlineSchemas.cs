using SpeedData.Core.Configuration.Reading;

namespace SpeedData.Core.Configuration.Validation;

/// <summary>Checks that a schema in a registered channel's file is valid, like one in a file of its own.</summary>
internal static class InlineSchemas
{
    private const int Longest = 1 << 20;

    public static void Check(IEnumerable<ChannelDraft> drafts, Findings findings, Func<string, SchemaVerdict> judge)
    {
        foreach (ChannelDraft draft in drafts)
        {
            string text = draft.InlineSchema!;
            SchemaVerdict verdict = text.Length > Longest
                ? new SchemaVerdict([$"it has {text.Length} characters; a schema in the channel's file has at most {Longest}: name a file instead"], [])
                : judge(text);
            foreach (string problem in verdict.Problems)
                findings.Fault(draft.Scope, draft.Key("Schema"), null, problem);
            foreach (string warning in verdict.Warnings)
                findings.Warn(draft.Scope, draft.Key("Schema"), null, warning);
            if (verdict.Problems.Count == 0)
                SchemaFiles.CheckTimeField(draft, findings, verdict.TimeFields);
        }
    }
}
