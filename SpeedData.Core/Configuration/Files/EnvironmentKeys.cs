namespace SpeedData.Core.Configuration;

/// <summary>
/// Reads environment variables as keys, as usual in .NET: <c>__</c> means a colon. Two variables that differ only in case are
/// the same key, and .NET's choice between them is random.
/// </summary>
internal static class EnvironmentKeys
{
    public static Dictionary<string, string?> Read(IReadOnlyDictionary<string, string?> environment, List<ConfigurationFault> faults)
    {
        var keys = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        foreach ((string name, string? value) in environment)
        {
            string key = name.Replace("__", ":", StringComparison.Ordinal);
            if (!keys.TryAdd(key, value) && key.StartsWith(SpeedDataOptions.Section + ":", StringComparison.OrdinalIgnoreCase))
                faults.Add(new ConfigurationFault(null, name, value, "another environment variable differs from this one only in upper and lower case; keep one of them"));
        }

        return keys;
    }
}
