using System.Text.Json;
using Microsoft.Extensions.Configuration;

namespace SpeedData.Core.Configuration;

/// <summary>A JSON file of the configuration.</summary>
internal sealed class JsonFileSource(string path, List<ConfigurationFault> faults) : IConfigurationSource
{
    public IConfigurationProvider Build(IConfigurationBuilder builder) => new JsonFileProvider(path, faults);
}

/// <summary>
/// Reads a JSON file once. .NET's own provider throws at the first thing wrong and does not say where a key is given
/// twice; this one notes every such key with its line and reads on.
/// </summary>
internal sealed class JsonFileProvider(string path, List<ConfigurationFault> faults) : ConfigurationProvider
{
    /// <summary>Absolute path.</summary>
    public string FilePath => path;

    public override void Load()
    {
        try
        {
            byte[] json = File.ReadAllBytes(path);
            var flattened = new JsonFlattener(json);
            flattened.Read();
            Data = flattened.Data;
            foreach ((string key, long line) in flattened.Repeated)
                faults.Add(new ConfigurationFault(null, $"{path}, line {line}", key, "this key is given twice, case aside; once is right"));
        }
        catch (JsonException e)
        {
            // The message repeats the place, counted from 0.
            string what = e.Message.Split(" LineNumber:")[0];
            faults.Add(new ConfigurationFault(null, $"{path}, line {e.LineNumber + 1}, column {e.BytePositionInLine + 1}", null, $"malformed JSON: {what}"));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            faults.Add(new ConfigurationFault(null, "configuration file", path, "there is no such file; the path of a JSON file is right"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            faults.Add(new ConfigurationFault(null, "configuration file", path, $"cannot be read ({e.Message}); a JSON file that this user may read is right"));
        }
    }

    public override string ToString() => $"JSON file {path}";
}
