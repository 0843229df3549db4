using System.Text;

namespace SpeedData.Core.Schema;

/// <summary>
/// A channel's schema: the file's text, which goes into the archive's header, and the layout of its records. Immutable; any thread.
/// </summary>
public sealed class RecordSchema
{
    /// <summary>Far larger than any schema of signals. A larger file is something else.</summary>
    private const int LargestFile = 16 * 1024 * 1024;

    private RecordSchema(string text, string fullName, IReadOnlyList<string> warnings, RecordLayout layout)
    {
        Text = text;
        FullName = fullName;
        Warnings = warnings;
        Layout = layout;
    }

    /// <summary>The file's own text without a byte order mark, including unknown properties.</summary>
    public string Text { get; }

    /// <summary>The record's name with its namespace.</summary>
    public string FullName { get; }

    /// <summary>Accepted mistakes that should be corrected, one line each, with the correct form.</summary>
    public IReadOnlyList<string> Warnings { get; }

    /// <summary>The layout of its records in binary encoding.</summary>
    public RecordLayout Layout { get; }

    /// <summary>
    /// Reads and compiles an .avsc file (UTF-8, with or without a byte order mark), or a folder of such files. Files with the same text
    /// share one schema.
    /// </summary>
    /// <param name="path">The file or folder.</param>
    /// <param name="root">The record's file in a folder; null if the folder has only one file.</param>
    /// <exception cref="SchemaException">The file cannot be read, or is not the schema of a record.</exception>
    public static RecordSchema Load(string path, string? root = null) =>
        SharedSchemas.Of(Directory.Exists(path) ? SchemaFolder.Load(path, root, ReadText) : ReadText(path));

    /// <summary>Compiles the text of an .avsc file.</summary>
    /// <exception cref="SchemaException">The text is not the schema of a record.</exception>
    public static RecordSchema Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.StartsWith('\uFEFF'))
            text = text[1..];
        StrictJson.Demand(text);
        var (translated, warnings) = AvscDialect.Translate(text);
        var schema = AvroParser.Record(translated);
        var layout = new RecordLayout(LayoutCompiler.Compile(schema));
        return new RecordSchema(text, schema.Fullname, [.. warnings, .. AvroParser.Objections(text)], layout);
    }

    private static string ReadText(string path)
    {
        byte[] bytes = Read(path);
        try
        {
            return new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetString(bytes).TrimStart('\uFEFF');
        }
        catch (DecoderFallbackException e)
        {
            throw new SchemaException($"byte {e.Index} is not UTF-8; save the file as UTF-8", e);
        }
    }

    private static byte[] Read(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            if (file.Length > LargestFile)
                throw new SchemaException($"the file has {file.Length:N0} bytes; a schema has at most {LargestFile:N0}");
            byte[] bytes = new byte[file.Length];
            file.ReadExactly(bytes);
            return bytes;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new SchemaException($"there is no file {path}; give the path of an .avsc file", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new SchemaException($"the file {path} cannot be read: {AvroParser.OneLine(e.Message)}", e);
        }
    }
}
