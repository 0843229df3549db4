using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using SpeedData.Core.Configuration;
using SpeedData.Core.Export;
using SpeedData.Core.Reading;
using SpeedData.Server.CommandLine;
using SpeedData.Server.Inspect;
using SpeedData.Server.Reading;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace SpeedData.Server.Importing;

/// <summary>Runs the command migrate.</summary>
internal static class MigrateRun
{
    private static readonly JsonWriterOptions Written = new() { Indented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <returns>The exit code.</returns>
    public static int Run(MigrateArguments arguments, ApplicationEnvironment environment) => ReadingFaults.Told(environment, () =>
    {
        string path = Path.GetFullPath(arguments.File);
        var migration = new YamlMigration(Path.GetDirectoryName(path)!);
        byte[] json = Encode(migration.Of(Load(path)));
        using (OutputFile output = OutputFile.Create(arguments.Output, arguments.Force, environment.Binary()))
        {
            output.Stream.Write(json);
            output.Keep();
        }

        PlainText.Write(environment.Error, migration.Unknown.Select(key => $"{key}: not known, left out"));
        IReadOnlyList<ConfigurationFault> faults = Check(json);
        if (faults.Count > 0)
            environment.Error.Write(ConfigurationReport.Render(faults));
        return faults.Count == 0 ? ExitCode.Ok : ExitCode.Configuration;
    });

    private static YamlMappingNode Load(string path)
    {
        try
        {
            using var reader = new StreamReader(path);
            var yaml = new YamlStream();
            yaml.Load(reader);
            return yaml.Documents is [{ RootNode: YamlMappingNode root }, ..] ? root : throw new ReadingException($"{path} is not a YAML map of keys and values");
        }
        catch (YamlException e)
        {
            throw new ReadingException($"{path}, line {e.Start.Line}: {e.Message}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ReadingException($"{path} cannot be read: {e.Message}", e);
        }
    }

    private static byte[] Encode(JsonObject root)
    {
        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes, Written))
            root.WriteTo(writer);
        bytes.Write(Encoding.UTF8.GetBytes("\n"));
        return bytes.ToArray();
    }

    private static IReadOnlyList<ConfigurationFault> Check(byte[] json)
    {
        string copy = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(copy, json);
            return ConfigurationReader.Read(ConfigurationFiles.Load([copy], []), new ConfigurationProbes { Schema = Application.Judge }).Faults;
        }
        finally
        {
            File.Delete(copy);
        }
    }
}
