using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace SpeedData.Core.Schema;

/// <summary>
/// The schemas of a channel, at least one, in the order in which they are tried. A datagram belongs to the first schema that it is an
/// exact record of. Immutable; any thread.
/// </summary>
public sealed class RecordSchemas : IReadOnlyList<RecordSchema>
{
    /// <summary>The largest number of schemas of a channel. Each has its own ring and writer.</summary>
    public const int Most = 8;

    private readonly RecordSchema[] _schemas;

    public RecordSchemas(IEnumerable<RecordSchema> schemas)
    {
        _schemas = [.. schemas];
        ArgumentOutOfRangeException.ThrowIfZero(_schemas.Length, nameof(schemas));
    }

    public int Count => _schemas.Length;

    public RecordSchema this[int index] => _schemas[index];

    [return: NotNullIfNotNull(nameof(only))]
    public static implicit operator RecordSchemas?(RecordSchema? only) => Of(only);

    /// <summary>Returns the schemas of a channel with one schema.</summary>
    [return: NotNullIfNotNull(nameof(only))]
    public static RecordSchemas? Of(RecordSchema? only) => only is null ? null : new RecordSchemas([only]);

    /// <summary>Whether both have the same texts in the same order.</summary>
    public bool IsSame(RecordSchemas other) => _schemas.Select(schema => schema.Text).SequenceEqual(other._schemas.Select(schema => schema.Text));

    /// <summary>Returns the first schema that the datagram is an exact record of; null if there is none.</summary>
    public RecordSchema? TakerOf(ReadOnlySpan<byte> datagram)
    {
        foreach (RecordSchema schema in _schemas)
        {
            if (schema.Layout.Check(datagram) == RecordFaultKind.None)
                return schema;
        }

        return null;
    }

    public IEnumerator<RecordSchema> GetEnumerator() => _schemas.AsEnumerable().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
