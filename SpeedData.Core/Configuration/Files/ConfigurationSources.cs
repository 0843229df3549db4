using System.Collections;
using Microsoft.Extensions.Configuration;

namespace SpeedData.Core.Configuration;

/// <summary>All texts of the configuration, and what could not be read.</summary>
/// <param name="Configuration">The providers, the strongest last.</param>
/// <param name="BaseDirectory">Where relative paths begin: the folder of the first file; absolute.</param>
/// <param name="Files">The files, absolute, in their order.</param>
/// <param name="Faults">Files that are missing or malformed, keys given twice, arguments that set nothing.</param>
public sealed record ConfigurationSources(
    IConfigurationRoot Configuration, string BaseDirectory, IReadOnlyList<string> Files, IReadOnlyList<ConfigurationFault> Faults);

/// <summary>What the process was started with.</summary>
/// <param name="WorkingDirectory">Absolute.</param>
/// <param name="ProgramDirectory">Where the executable lies; absolute.</param>
/// <param name="Environment">The environment variables.</param>
public sealed record StartEnvironment(string WorkingDirectory, string ProgramDirectory, IReadOnlyDictionary<string, string?> Environment)
{
    /// <summary>Those of this process, at this moment.</summary>
    public static StartEnvironment OfThisProcess() => new(
        System.Environment.CurrentDirectory,
        AppContext.BaseDirectory,
        System.Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().ToDictionary(e => (string)e.Key, e => (string?)e.Value));
}
