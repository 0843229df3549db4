using System.Text;
using SpeedData.Core.Reading;
using SpeedData.Core.Reading.Columns;

namespace SpeedData.Core.Export.Hdf5;

/// <summary>Texts of any length. A missing value is an empty text.</summary>
/// <param name="place">Size and unit of the dataset.</param>
/// <param name="spec">The column.</param>
/// <param name="isLossy">Whether a text with a NUL is written, although readers will cut it.</param>
internal sealed class TextDataset(Hdf5Place place, ColumnSpec spec, bool isLossy) : Hdf5Column<string>(place)
{
    private byte[] _lastBytes = [];
    private string _last = "";

    protected override void Take(Column column, int first, Span<string> room)
    {
        var texts = (BytesColumn)column;
        for (int i = 0; i < room.Length; i++)
            room[i] = Text(texts.Of(first + i));
    }

    // Reuses text objects, because sources and states repeat.
    private string Text(ReadOnlySpan<byte> bytes)
    {
        if (bytes.SequenceEqual(_lastBytes))
            return _last;
        // HDF5 readers end a variable-length text at its first NUL.
        if (!isLossy && bytes.Contains((byte)0))
            throw new ReadingException($"hdf5 cannot store a text of {spec.Name} that contains a NUL, because readers would end it there; --lossy writes it anyway, --fields leaves {spec.Name} out, and jsonl and avro keep it");
        _lastBytes = bytes.ToArray();
        return _last = Encoding.UTF8.GetString(bytes);
    }
}

/// <summary>Byte arrays of any length.</summary>
internal sealed class BinaryDataset(Hdf5Place place) : Hdf5Column<byte[]>(place)
{
    protected override void Take(Column column, int first, Span<byte[]> room)
    {
        var bytes = (BytesColumn)column;
        for (int i = 0; i < room.Length; i++)
            room[i] = bytes.Of(first + i).ToArray();
    }
}
