using Microsoft.Extensions.Configuration;

namespace SpeedData.Core.Configuration;

/// <summary>Loads the configuration: JSON files, then environment variables, then command line. It does not watch for changes.</summary>
public static class ConfigurationFiles
{
    /// <summary>Environment variable that names the configuration file if <c>--config</c> is not given.</summary>
    public const string FileVariable = "SPEEDDATA_CONFIG";

    private const string DefaultFile = "appsettings.json";

    /// <summary>
    /// Loads the named files; otherwise the file in <see cref="FileVariable"/>; otherwise <c>appsettings.json</c> in the working
    /// directory; otherwise the one beside the executable. A file that cannot be read becomes a fault; nothing throws.
    /// </summary>
    /// <param name="files">Values of <c>--config</c>. Later ones override earlier ones.</param>
    /// <param name="overrides">Command line arguments that set keys: <c>--Key=Value</c> or <c>--Key Value</c>.</param>
    /// <param name="environment">Environment and directories; null for those of the process.</param>
    public static ConfigurationSources Load(
        IReadOnlyList<string> files, IReadOnlyList<string> overrides, StartEnvironment? environment = null)
    {
        environment ??= StartEnvironment.OfThisProcess();
        var faults = new List<ConfigurationFault>();
        List<string> paths = Paths(files, environment, faults);
        var builder = new ConfigurationBuilder();
        foreach (string path in paths)
            builder.Add(new JsonFileSource(path, faults));
        builder.AddInMemoryCollection(EnvironmentKeys.Read(environment.Environment, faults));
        builder.AddInMemoryCollection(CommandLineKeys.Read(overrides, faults));
        string baseDirectory = paths.Count > 0 ? Path.GetDirectoryName(paths[0])! : environment.WorkingDirectory;
        // Build reads the files, so the faults are complete from here on.
        IConfigurationRoot configuration = builder.Build();
        return new ConfigurationSources(configuration, baseDirectory, paths, faults);
    }

    private static List<string> Paths(IReadOnlyList<string> files, StartEnvironment environment, List<ConfigurationFault> faults)
    {
        if (files.Count > 0)
            return [.. files.Where(f => IsNamed("--config", f, faults)).Select(f => Path.GetFullPath(f, environment.WorkingDirectory))];
        if (environment.Environment.TryGetValue(FileVariable, out string? named) && !string.IsNullOrWhiteSpace(named))
            return [Path.GetFullPath(named, environment.WorkingDirectory)];
        string[] usual = [Path.Combine(environment.WorkingDirectory, DefaultFile), Path.Combine(environment.ProgramDirectory, DefaultFile)];
        if (Array.Find(usual, File.Exists) is string found)
            return [found];
        faults.Add(new ConfigurationFault(null, "configuration file", null, $"there is no configuration: neither {usual[0]} nor {usual[1]} exists; name a file with --config FILE or {FileVariable}"));
        return [];
    }

    private static bool IsNamed(string key, string path, List<ConfigurationFault> faults)
    {
        if (!string.IsNullOrWhiteSpace(path))
            return true;
        faults.Add(new ConfigurationFault(null, key, path, "give the path of a configuration file"));
        return false;
    }
}
