using SpeedData.Core.Schema;

namespace SpeedData.Core.Reading.Catalogue;

/// <summary>Compiles each schema only once, even if many files have it. One thread.</summary>
internal sealed class SchemaCache
{
    private const int Most = 256;

    private readonly Dictionary<string, (RecordLayout? Layout, string? Why)> _known = new(StringComparer.Ordinal);

    public (RecordLayout? Layout, string? Why) Of(string? text)
    {
        if (text is null)
            return (null, "the header has no schema in UTF-8");
        if (_known.TryGetValue(text, out (RecordLayout? Layout, string? Why) known))
            return known;
        if (_known.Count == Most)
            _known.Clear();
        return _known[text] = Compile(text);
    }

    private static (RecordLayout? Layout, string? Why) Compile(string text)
    {
        try
        {
            return (FileSchema.Compile(text), null);
        }
        catch (SchemaException e)
        {
            return (null, e.Message);
        }
    }
}
