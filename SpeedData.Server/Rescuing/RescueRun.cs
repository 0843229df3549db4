using System.Text.Json;
using System.Text.Json.Serialization;
using SpeedData.Core.Archive;
using SpeedData.Core.Import;
using SpeedData.Core.Reading;
using SpeedData.Core.Rejects;
using SpeedData.Core.Schema;
using SpeedData.Server.CommandLine;
using SpeedData.Server.Inspect;
using SpeedData.Server.Reading;

namespace SpeedData.Server.Rescuing;

/// <summary>Runs the command rescue.</summary>
internal static class RescueRun
{
    /// <returns>The exit code.</returns>
    public static int Run(RescueArguments arguments, ApplicationEnvironment environment, CancellationToken stop) => ReadingFaults.Told(environment, () =>
    {
        RescueResult result = Rescue(arguments, stop);
        if (arguments.Json)
            environment.Output.WriteLine(JsonSerializer.Serialize(result, RescueJson.Default.RescueResult));
        else
            PlainText.Write(environment.Output, Lines(result));
        if (result.Trouble is { } trouble)
            PlainText.Write(environment.Error, [$"SpeedData.Server: {trouble}"]);
        bool isLossy = result.Unfit + result.Denied + result.NotKept + result.Damage.Count > 0;
        return result.Trouble is not null ? ExitCode.CannotCreate : isLossy ? ExitCode.Lost : ExitCode.Ok;
    });

    private static RescueResult Rescue(RescueArguments arguments, CancellationToken stop)
    {
        if (arguments.Channel is { } channel && ImportSchema.FaultOf(channel) is { } fault)
            throw new ReadingException($"--channel {channel}: {fault}");
        string[] files = [.. arguments.Files.SelectMany(Files)];
        try
        {
            return new Rescuer(RecordSchema.Load(arguments.Schema, arguments.SchemaRoot), arguments.Output, arguments.TakesDenied, stop).Run(arguments.Channel, files);
        }
        catch (SchemaException e)
        {
            throw new ReadingException($"--schema {arguments.Schema}: {e.Message}", e);
        }
        catch (RescueException e)
        {
            throw new ReadingException(e.Message, e) { IsOfOutput = e.IsOfOutput };
        }
    }

    private static string[] Files(string path)
    {
        if (File.Exists(path))
            return [path];
        if (!Directory.Exists(path))
            throw new ReadingException($"{path} does not exist; give a file of refused datagrams or a channel's folder");
        string[] files = [.. Directory.EnumerateFiles(path).Where(FileSuffix.IsRejected).Order(StringComparer.Ordinal)];
        return files.Length > 0 ? files : throw new ReadingException($"{path} has no file of refused datagrams (*{FileSuffix.Rejected})");
    }

    private static IEnumerable<string> Lines(RescueResult result)
    {
        yield return $"{result.Channel}: {result.Rescued:N0} of {result.Read:N0} refused datagrams rescued"
            + (result.Unfit > 0 ? $", {result.Unfit:N0} are no record of the schema" : "")
            + (result.Denied > 0 ? $", {result.Denied:N0} of senders that were not allowed left out (--denied takes them)" : "")
            + (result.NotKept > 0 ? $"; {result.NotKept:N0} more were refused and not kept" : "");
        foreach (string damage in result.Damage)
            yield return $"    {damage}";
        foreach (string path in result.Written)
            yield return $"written: {path}";
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(RescueResult))]
internal sealed partial class RescueJson : JsonSerializerContext;
