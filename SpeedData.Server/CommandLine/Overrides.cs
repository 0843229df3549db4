using SpeedData.Core.Configuration;

namespace SpeedData.Server.CommandLine;

/// <summary>
/// Checks configuration keys on the command line, in the forms of .NET's command-line provider: <c>Key=Value</c>,
/// <c>--Key=Value</c>, <c>--Key Value</c>, and the same with a slash. The provider would ignore a misspelt option, so the first part
/// of the key must be known.
/// </summary>
internal static class Overrides
{
    private static readonly string[] Roots = ["SpeedData", "Urls", "Logging", "Kestrel"];

    /// <summary>Returns one line for each fault in the tokens; empty if the provider can read them.</summary>
    public static IReadOnlyList<string> Check(IReadOnlyList<string> tokens)
    {
        var faults = new List<string>();
        for (int i = 0; i < tokens.Count; i++)
        {
            string token = tokens[i];
            KeyArgument argument = KeyArgument.Parse(token);
            if (!IsKnown(argument.Key))
                faults.Add($"'{token}' is neither an option of SpeedData.Server nor a configuration key such as --Urls or --SpeedData:Channels:0:Port; see --help");
            else if (argument.TakesNext && ++i == tokens.Count)
                faults.Add($"'{token}' needs a value");
        }
        return faults;
    }

    private static bool IsKnown(string key) =>
        Roots.Contains(key.Split(':', 2)[0], StringComparer.OrdinalIgnoreCase);
}
