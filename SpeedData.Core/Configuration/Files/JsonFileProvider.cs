using System.Text.Json;
using Microsoft.Extensions.Configuration;

namespace SpeedData.Core.Configuration;

/// <summary>A JSON file of the configuration.</summary>
internal sealed class JsonFileSource(string path, List<ConfigurationFault> faults) : IConfigurationSource
{
    public IConfigurationProvider Build(IConfigurationBuilder builder) => new JsonFileProvider(path, faults);
}

/// <summary>
/// Reads a JSON file once. .NET's own provider throws at the first error and does not report where a key is given twice. This one
/// notes every such key with its line and continues reading.
/// </summary>
internal sealed class JsonFileProvider(string path, List<ConfigurationFault> faults) : ConfigurationProvider
{
    /// <summary>Thousands of channels take a few MiB. A larger file is something else.</summary>
    private const int LargestFile = 64 * 1024 * 1024;

    /// <summary>Absolute path.</summary>
    public string FilePath => path;

    public override void Load()
    {
        try
        {
            if (Directory.Exists(path))
            {
                faults.Add(new ConfigurationFault(null, "configuration file", path, "this is a folder; give the path of a JSON file"));
                return;
            }
            byte[] json = Read();
            if (ObjectionTo(json) is { } objection)
            {
                faults.Add(new ConfigurationFault(null, "configuration file", path, objection));
                return;
            }
            var flattened = new JsonFlattener(json);
            flattened.Read();
            Data = flattened.Data;
            foreach ((string key, long line) in flattened.Repeated)
                faults.Add(new ConfigurationFault(null, $"{path}, line {line}", key, "this key is given twice (case does not count); give it once"));
        }
        catch (JsonException e)
        {
            // The message repeats the position, counted from 0.
            string what = e.Message.Split(" LineNumber:")[0];
            faults.Add(new ConfigurationFault(null, $"{path}, line {e.LineNumber + 1}, column {e.BytePositionInLine + 1}", null, $"malformed JSON: {what}"));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            faults.Add(new ConfigurationFault(null, "configuration file", path, "there is no such file; give the path of a JSON file"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            faults.Add(new ConfigurationFault(null, "configuration file", path, $"cannot be read ({e.Message}); give a JSON file that this user may read"));
        }
    }

    /// <summary>Reads up to a limit without asking for the length, because the file may be a pipe or an endless device.</summary>
    private byte[] Read()
    {
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
        using var json = new MemoryStream();
        byte[] piece = new byte[64 * 1024];
        for (int read; json.Length <= LargestFile && (read = file.Read(piece)) > 0;)
            json.Write(piece, 0, read);
        return json.ToArray();
    }

    /// <summary>Returns clearer words for some messages of the JSON reader.</summary>
    private static string? ObjectionTo(ReadOnlySpan<byte> json)
    {
        if (json.Length > LargestFile)
            return $"it has more than {LargestFile / 1024 / 1024} MiB; give the path of a JSON file";
        if (json.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]) || json.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]))
            return "it is in UTF-16; save it as UTF-8";
        return json.Trim(" \t\r\n"u8).IsEmpty ? "it is empty; it must have a JSON object { \"SpeedData\": { … } }" : null;
    }

    public override string ToString() => $"JSON file {path}";
}
