using SpeedData.Core.Configuration;
using SpeedData.Core.Schema;
using SpeedData.Server.CommandLine;
using SpeedData.Server.Demo;

namespace SpeedData.Server.Registration;

/// <summary>The configuration file with all that a start checks in it.</summary>
/// <param name="Sources">Where it was read from.</param>
/// <param name="Options">Null if there is any fault.</param>
/// <param name="Urls">Where HTTP is served.</param>
/// <param name="Faults">Everything that is wrong.</param>
/// <param name="Warnings">What deserves attention.</param>
internal sealed record WholeConfiguration(
    ConfigurationSources Sources, SpeedDataOptions? Options, string[] Urls, IReadOnlyList<ConfigurationFault> Faults, IReadOnlyList<ConfigurationWarning> Warnings)
{
    /// <summary>What the check asks about the world outside.</summary>
    public static ConfigurationProbes Probes { get; } = new() { Schema = Application.Judge, SchemaText = JudgeText };

    public static WholeConfiguration Read(IReadOnlyList<string> files, IReadOnlyList<string> overrides, bool demo = false)
    {
        ConfigurationSources sources = ConfigurationFiles.Load(files, overrides);
        ConfigurationResult result = ConfigurationReader.Read(sources, Probes);
        string[] urls = ListenUrls.Read(sources.Configuration, out ConfigurationFault? urlsFault);
        ConfigurationFault? demoFault = demo && result.Options is { } options ? DemoCheck.FaultOf(options) : null;
        ConfigurationFault[] faults = [.. result.Faults, .. new[] { urlsFault, demoFault }.OfType<ConfigurationFault>(), .. LogLevels.Check(sources.Configuration)];
        return new WholeConfiguration(sources, faults.Length == 0 ? result.Options : null, urls, faults, result.Warnings);
    }

    private static SchemaVerdict JudgeText(string text)
    {
        try
        {
            RecordSchema schema = RecordSchema.Parse(text);
            return new SchemaVerdict([], schema.Warnings) { TimeFields = [.. TimeField.Candidates(schema.Layout)] };
        }
        catch (SchemaException e)
        {
            return new SchemaVerdict([e.Message], []);
        }
    }
}
