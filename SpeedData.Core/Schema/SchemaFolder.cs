using System.Text.Json.Nodes;

namespace SpeedData.Core.Schema;

/// <summary>
/// Loads a schema made of several files, as public tools write them: one file has the record, the others the types that it names.
/// </summary>
internal static class SchemaFolder
{
    private const int MostFiles = 1_000;

    /// <summary>Returns the schema as one text, with each named type at its first use, as the specification demands.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="root">The record's file; null if the folder has only one file.</param>
    /// <param name="read">Reads the text of a file.</param>
    /// <exception cref="SchemaException">The files do not form a schema.</exception>
    public static string Load(string path, string? root, Func<string, string> read)
    {
        string[] files = FilesOf(path);
        string rootFile = Root(path, root, files);
        string text = read(rootFile);
        Demand(text, rootFile);
        if (files.Length == 1)
            return text;
        var types = new NamedTypes();
        foreach (string file in files.Where(file => file != rootFile))
        {
            string other = read(file);
            Demand(other, file);
            types.Add(JsonNode.Parse(other), Path.GetFileName(file));
        }

        return new SchemaJoin(types).Join(text);
    }

    private static string[] FilesOf(string path)
    {
        try
        {
            string[] files = [.. Directory.EnumerateFiles(path, "*.avsc").Order(StringComparer.Ordinal).Take(MostFiles + 1)];
            return files.Length <= MostFiles ? files : throw new SchemaException($"the folder {path} has more than {MostFiles:N0} .avsc files");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SchemaException($"the folder {path} cannot be read: {AvroParser.OneLine(e.Message)}", e);
        }
    }

    private static string Root(string path, string? root, string[] files)
    {
        if (files.Length == 0)
            throw new SchemaException($"the folder {path} has no .avsc file");
        if (root is null)
            return files.Length == 1 ? files[0] : throw new SchemaException($"the folder {path} has several .avsc files; name the one with the record in SchemaRoot: {Names(files)}");
        return Array.Find(files, file => Path.GetFileName(file) == root)
            ?? throw new SchemaException($"the folder {path} has no file {root}, which SchemaRoot names; it has {Names(files)}");
    }

    private static void Demand(string text, string file)
    {
        try
        {
            StrictJson.Demand(text);
        }
        catch (SchemaException e)
        {
            throw new SchemaException($"{Path.GetFileName(file)}: {e.Message}", e);
        }
    }

    private static string Names(string[] files)
    {
        const int Most = 5;
        string names = string.Join(", ", files.Take(Most).Select(Path.GetFileName));
        return files.Length > Most ? $"{names} and {files.Length - Most:N0} more" : names;
    }
}
