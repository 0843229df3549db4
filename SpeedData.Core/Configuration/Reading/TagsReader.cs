using SpeedData.Core.Configuration.Values;

namespace SpeedData.Core.Configuration.Reading;

/// <summary>Reads the section <c>Tags</c>.</summary>
internal sealed class TagsReader(KeyReader keys, Findings findings)
{
    private const string Auto = "Auto";

    public TagsOptions Read() => new()
    {
        MaxBytes = keys.Optional("MaxBytes", Ranges.TagBytes, TagLimit.Suitable),
        Auto = [.. Rules(keys.Subtree(Auto))],
    };

    private IEnumerable<AutoTagOptions> Rules(SettingNode? list)
    {
        if (!string.IsNullOrWhiteSpace(list?.Value))
            findings.Fault(keys.Scope, list.Path, list.Value, "this must be a list of rules, each with Name and When");
        foreach (SettingNode node in list?.Children ?? [])
        {
            if (Rule(node) is { } rule)
                yield return rule;
        }
    }

    private AutoTagOptions? Rule(SettingNode node)
    {
        if (!node.HasChildren)
        {
            findings.Fault(keys.Scope, node.Path, node.Value, "a rule is a group of keys: { \"Name\": …, \"When\": …, \"Before\": …, \"After\": … }");
            return null;
        }

        var rule = new KeyReader(node, null, node.Path, keys.Scope, findings);
        string name = rule.Value("Name", Name, "");
        TagCondition? when = rule.Optional("When", ConditionText.Parse);
        TimeSpan before = rule.Value("Before", Ranges.TagMargin, TimeSpan.Zero), after = rule.Value("After", Ranges.TagMargin, TimeSpan.Zero);
        rule.ReportUnknown();
        if (!rule.Has("Name"))
            findings.Fault(keys.Scope, $"{node.Path}:Name", null, "a rule needs a name for its tags, for example \"run-{n}\"");
        if (!rule.Has("When"))
            findings.Fault(keys.Scope, $"{node.Path}:When", null, "a rule needs a condition, for example \"engine.rpm > 500 for 2 s\"");
        return name.Length == 0 || when is null ? null : new AutoTagOptions(name, when) { Before = before, After = after };
    }

    private static Parsed<string> Name(string text) =>
        TagName.IsValidPattern(text)
            ? text
            : Parsed.Refuse<string>("a tag's name has up to 80 letters, digits, '.', '-' and '_', begins with a letter or digit, is not a device name such as CON, and has {n} at most once, in place of a number");
}
