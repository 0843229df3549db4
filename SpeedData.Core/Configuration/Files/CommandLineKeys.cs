namespace SpeedData.Core.Configuration;

/// <summary>
/// Reads command line arguments as keys, in the usual forms of .NET: <c>--Key=Value</c>, <c>--Key Value</c>, <c>/Key=Value</c>,
/// <c>/Key Value</c> and <c>Key=Value</c>. An argument that .NET would ignore silently is a fault.
/// </summary>
internal static class CommandLineKeys
{
    public static Dictionary<string, string?> Read(IReadOnlyList<string> arguments, List<ConfigurationFault> faults)
    {
        var keys = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        for (int i = 0; i < arguments.Count; i++)
        {
            string argument = arguments[i];
            KeyArgument key = KeyArgument.Parse(argument);
            if (key.Value is not null)
                keys[key.Key] = key.Value;
            else if (key.TakesNext && i + 1 < arguments.Count)
                keys[key.Key] = arguments[++i];
            else
                faults.Add(new ConfigurationFault(null, "command line", argument, "this sets nothing; use --Key=Value, for example --SpeedData:Channels:0:Port=26000"));
        }

        return keys;
    }
}

/// <summary>One argument in one of these forms.</summary>
/// <param name="Key">The key; empty if the argument has none of the forms.</param>
/// <param name="Value">The text after the equals sign; null if there is no equals sign.</param>
/// <param name="TakesNext">Whether the next argument is the value.</param>
public readonly record struct KeyArgument(string Key, string? Value, bool TakesNext)
{
    public static KeyArgument Parse(string argument)
    {
        string text = argument.StartsWith("--", StringComparison.Ordinal) ? argument[2..]
            : argument.StartsWith('/') ? argument[1..]
            : argument.StartsWith('-') ? ""
            : argument;
        int equals = text.IndexOf('=', StringComparison.Ordinal);
        return equals > 0 ? new KeyArgument(text[..equals], text[(equals + 1)..], false)
            : equals < 0 && text.Length > 0 && text.Length < argument.Length ? new KeyArgument(text, null, true)
            : new KeyArgument("", null, false);
    }
}
