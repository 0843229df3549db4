using System.Text;

namespace SpeedData.Core.Configuration;

/// <summary>The result of reading the configuration.</summary>
/// <param name="Options">The complete, checked options; null if there is any fault.</param>
/// <param name="Faults">All faults: first those that concern all channels, then channel by channel.</param>
/// <param name="Warnings">Accepted settings that deserve attention.</param>
public sealed record ConfigurationResult(
    SpeedDataOptions? Options, IReadOnlyList<ConfigurationFault> Faults, IReadOnlyList<ConfigurationWarning> Warnings);

/// <summary>
/// Writes the text that a refused start prints on standard error before it ends with exit code 78 (EX_CONFIG of sysexits.h).
/// </summary>
public static class ConfigurationReport
{
    /// <summary>EX_CONFIG.</summary>
    public const int ExitCode = 78;

    /// <summary>Writes the number of faults in the first line, then a line for each. The text ends in a line feed.</summary>
    public static string Render(IReadOnlyCollection<ConfigurationFault> faults)
    {
        var text = new StringBuilder();
        text.Append(faults.Count == 1 ? "1 fault in the configuration" : $"{faults.Count} faults in the configuration").Append("; nothing was started\n");
        foreach (ConfigurationFault fault in faults)
            text.Append("  ").Append(fault).Append('\n');
        return text.ToString();
    }
}
