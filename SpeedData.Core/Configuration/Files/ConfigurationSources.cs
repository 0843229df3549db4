using System.Collections;
using Microsoft.Extensions.Configuration;

namespace SpeedData.Core.Configuration;

/// <summary>All texts of the configuration, with the faults found while reading them.</summary>
/// <param name="Configuration">The providers. Later ones override earlier ones.</param>
/// <param name="BaseDirectory">The folder of the first file, absolute. Relative paths start from it.</param>
/// <param name="Files">The absolute paths of the files, in their order.</param>
/// <param name="Faults">Files that are missing or malformed, keys given twice, arguments that set nothing.</param>
public sealed record ConfigurationSources(
    IConfigurationRoot Configuration, string BaseDirectory, IReadOnlyList<string> Files, IReadOnlyList<ConfigurationFault> Faults);

/// <summary>The environment in which the process was started.</summary>
/// <param name="WorkingDirectory">The working directory, absolute.</param>
/// <param name="ProgramDirectory">The folder of the executable, absolute.</param>
/// <param name="Environment">The environment variables.</param>
public sealed record StartEnvironment(string WorkingDirectory, string ProgramDirectory, IReadOnlyDictionary<string, string?> Environment)
{
    /// <summary>Returns the present environment of this process.</summary>
    public static StartEnvironment OfThisProcess() => new(
        System.Environment.CurrentDirectory,
        AppContext.BaseDirectory,
        System.Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().ToDictionary(e => (string)e.Key, e => (string?)e.Value));
}
