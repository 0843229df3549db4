namespace SpeedData.Core.Schema;

/// <summary>
/// Compiles the layout of the values in a container file of any writer, whatever their type and size. The limits of a channel's
/// schema (a datagram's size, other readers) do not apply.
/// </summary>
public static class FileSchema
{
    /// <summary>The largest schema in characters. Parsing takes hundreds of times that memory, and no real schema is larger.</summary>
    public const int MaxLength = 4 << 20;

    /// <param name="text">The schema from the file's header.</param>
    /// <returns>A record whose encoding is the same as that of one value of the file.</returns>
    /// <exception cref="SchemaException">The text is not a schema that can be used here.</exception>
    public static RecordLayout Compile(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length > MaxLength)
            throw new SchemaException($"the schema has {text.Length:N0} characters; at most {MaxLength:N0} are allowed");
        StrictJson.Demand(text);
        return new RecordLayout(LayoutCompiler.CompileAny(AvroParser.Any(AvscDialect.Unwrap(text))));
    }
}
