using SpeedData.Core.Configuration;

namespace SpeedData.Server.CommandLine;

/// <summary>Checks the section <c>Logging</c> for values that would throw while the server is being built.</summary>
internal static class LogLevels
{
    public const string Section = "Logging";

    private const string Levels = "LogLevel";

    /// <summary>Returns one fault for each invalid log level.</summary>
    public static IEnumerable<ConfigurationFault> Check(IConfiguration configuration)
    {
        IConfigurationSection logging = configuration.GetSection(Section);
        return logging.GetChildren().Append(logging)
            .SelectMany(provider => provider.GetSection(Levels).GetChildren())
            .Where(level => !string.IsNullOrEmpty(level.Value) && !Enum.TryParse<LogLevel>(level.Value, ignoreCase: true, out _))
            .Select(level => new ConfigurationFault(null, level.Path, level.Value, $"use {string.Join(", ", Enum.GetNames<LogLevel>()[..^1])} or {Enum.GetNames<LogLevel>()[^1]}"));
    }
}
