using System.IO.Enumeration;
using System.Text.Json;
using System.Text.Json.Serialization;
using SpeedData.Core.Import;
using SpeedData.Core.Reading;
using SpeedData.Core.Schema;
using SpeedData.Server.CommandLine;
using SpeedData.Server.Inspect;
using SpeedData.Server.Reading;

namespace SpeedData.Server.Importing;

/// <summary>Runs the command import.</summary>
internal static class ImportRun
{
    /// <returns>The exit code.</returns>
    public static int Run(ImportArguments arguments, ApplicationEnvironment environment, CancellationToken stop) => ReadingFaults.Told(environment, () =>
    {
        IReadOnlyList<ImportSchema> schemas = Schemas(arguments);
        string[] paths = Paths(arguments.Path);
        using var progress = new TerminalProgress(environment, paths.Length);
        ImportResult result = new Importer(schemas, arguments.Output, stop).Run(paths, progress);
        progress.Clear();
        if (arguments.Json)
            environment.Output.WriteLine(JsonSerializer.Serialize(ImportView.Of(result), ImportJson.Default.ImportView));
        else
            PlainText.Write(environment.Output, result.Files.SelectMany(Lines).Concat(result.Written.Select(path => $"written: {path}")));
        if (result.Trouble is { } trouble)
            PlainText.Write(environment.Error, [$"SpeedData.Server: {trouble}"]);
        return result.Trouble is not null ? ExitCode.CannotCreate : result.Files.Any(file => file.IsLossy) ? ExitCode.Lost : ExitCode.Ok;
    });

    private static List<ImportSchema> Schemas(ImportArguments arguments)
    {
        if (arguments.Channels.Count != 1 && arguments.Channels.Count != arguments.Schemas.Count)
            throw new ReadingException($"--channel: give one name for all schemas or one for each; there are {arguments.Channels.Count} names and {arguments.Schemas.Count} schemas");
        var schemas = new List<ImportSchema>();
        for (int i = 0; i < arguments.Schemas.Count; i++)
        {
            string channel = arguments.Channels[arguments.Channels.Count == 1 ? 0 : i];
            if (ImportSchema.FaultOf(channel) is { } fault)
                throw new ReadingException($"--channel {channel}: {fault}");
            try
            {
                schemas.Add(new ImportSchema(channel, RecordSchema.Load(arguments.Schemas[i])));
            }
            catch (SchemaException e)
            {
                throw new ReadingException($"--schema {arguments.Schemas[i]}: {e.Message}", e);
            }
        }

        return schemas;
    }

    private static string[] Paths(string path)
    {
        if (File.Exists(path))
            return [path];
        if (!Directory.Exists(path))
            throw new ReadingException($"{path} does not exist; give a file or a folder");
        string[] files;
        try
        {
            files = [.. FilesBelow(path).Order(StringComparer.Ordinal)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ReadingException($"{path} cannot be read: {e.Message}", e);
        }

        return files.Length > 0 ? files : throw new ReadingException($"{path} has no *.avro file in it or below it");
    }

    // Links to folders are not followed, since one may lead back to a folder above it.
    private static FileSystemEnumerable<string> FilesBelow(string path) => new(
        path,
        (ref FileSystemEntry entry) => entry.ToSpecifiedFullPath(),
        new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = false, AttributesToSkip = 0 })
    {
        ShouldIncludePredicate = (ref FileSystemEntry entry) => !entry.IsDirectory && entry.FileName.EndsWith(".avro", StringComparison.Ordinal),
        ShouldRecursePredicate = (ref FileSystemEntry entry) => !entry.Attributes.HasFlag(FileAttributes.ReparsePoint),
    };

    private static IEnumerable<string> Lines(ImportedFile file)
    {
        const int MostPlaces = 20;
        if (file.Trouble is { } trouble)
        {
            yield return $"{file.Path}: {trouble}";
            yield break;
        }

        yield return $"{file.Path}: {file.Records:N0} records"
            + (file.Duplicates > 0 ? $", {file.Duplicates:N0} copies of records of other files left out" : "")
            + (file.Ambiguous > 0 ? $", {file.Ambiguous:N0} that fit more than one schema left out" : "")
            + (file.Unfit > 0 ? $", {file.Unfit:N0} that fit no schema left out" : "")
            + (file.BytesLost > 0 ? $", {file.BytesLost:N0} bytes lost" : "");
        foreach (LostBytes lost in file.Lost.Take(MostPlaces))
            yield return $"    {lost.Bytes:N0} bytes lost at {lost.Offset:N0}";
        if (file.Lost.Count > MostPlaces)
            yield return $"    and at {file.Lost.Count - MostPlaces:N0} more places";
    }
}

/// <summary>The JSON output of import.</summary>
internal sealed record ImportView(IReadOnlyList<ImportedFileView> Files, IReadOnlyList<string> Written, string? Trouble)
{
    public static ImportView Of(ImportResult result) => new([.. result.Files.Select(ImportedFileView.Of)], result.Written, result.Trouble);
}

internal sealed record ImportedFileView(string File, long Bytes, long Records, long Duplicates, long Ambiguous, long Unfit, long BytesLost, IReadOnlyList<LostBytes> Lost, string? Trouble)
{
    public static ImportedFileView Of(ImportedFile file) => new(file.Path, file.Bytes, file.Records, file.Duplicates, file.Ambiguous, file.Unfit, file.BytesLost, file.Lost, file.Trouble);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(ImportView))]
internal sealed partial class ImportJson : JsonSerializerContext;
