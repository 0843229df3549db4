namespace SpeedData.Core.Configuration;

/// <summary>
/// Command line arguments as keys, in the forms usual in .NET: <c>--Key=Value</c>, <c>--Key Value</c>, <c>/Key=Value</c>,
/// <c>/Key Value</c> and <c>Key=Value</c>. An argument that .NET would pass over in silence is a fault.
/// </summary>
internal static class CommandLineKeys
{
    public static Dictionary<string, string?> Read(IReadOnlyList<string> arguments, List<ConfigurationFault> faults)
    {
        var keys = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        for (int i = 0; i < arguments.Count; i++)
        {
            string argument = arguments[i];
            string text = WithoutPrefix(argument);
            int equals = text.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0)
                keys[text[..equals]] = text[(equals + 1)..];
            else if (equals < 0 && text.Length > 0 && text.Length < argument.Length && i + 1 < arguments.Count)
                keys[text] = arguments[++i];
            else
                faults.Add(new ConfigurationFault(null, "command line", argument, "this sets nothing; use --Key=Value, for example --SpeedData:Channels:0:Port=26000"));
        }

        return keys;
    }

    private static string WithoutPrefix(string argument) =>
        argument.StartsWith("--", StringComparison.Ordinal) ? argument[2..]
        : argument.StartsWith('/') ? argument[1..]
        : argument.StartsWith('-') ? ""
        : argument;
}
