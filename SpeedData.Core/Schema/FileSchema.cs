namespace SpeedData.Core.Schema;

/// <summary>
/// The layout of the values in a container file of any writer: any type, not only a record, and of any size. What a channel
/// is held to, because it must fit a datagram and other readers, does not matter here.
/// </summary>
public static class FileSchema
{
    /// <param name="text">The schema as in the file's header.</param>
    /// <returns>A record whose encoding is that of one value of the file.</returns>
    /// <exception cref="SchemaException">The text is no schema that can be used here.</exception>
    public static RecordLayout Compile(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        StrictJson.Demand(text);
        return new RecordLayout(LayoutCompiler.CompileAny(AvroParser.Any(AvscDialect.Unwrap(text))));
    }
}
