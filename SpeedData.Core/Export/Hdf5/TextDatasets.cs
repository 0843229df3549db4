using System.Text;
using SpeedData.Core.Reading;
using SpeedData.Core.Reading.Columns;

namespace SpeedData.Core.Export.Hdf5;

/// <summary>Texts of any length; what is absent is empty.</summary>
/// <param name="place">Of the dataset.</param>
/// <param name="spec">Of the column.</param>
/// <param name="isLossy">Whether a text that readers will cut is written all the same.</param>
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

    // Sources and states repeat.
    private string Text(ReadOnlySpan<byte> bytes)
    {
        if (bytes.SequenceEqual(_lastBytes))
            return _last;
        // To readers of HDF5 a text of any length ends at its first NUL.
        if (!isLossy && bytes.Contains((byte)0))
            throw new ReadingException($"hdf5 has no place here for a text of {spec.Name} that holds a NUL, at which readers would end it; --lossy lets them, --fields leaves {spec.Name} out, and jsonl and avro keep it");
        _lastBytes = bytes.ToArray();
        return _last = Encoding.UTF8.GetString(bytes);
    }
}

/// <summary>Bytes of any number.</summary>
internal sealed class BinaryDataset(Hdf5Place place) : Hdf5Column<byte[]>(place)
{
    protected override void Take(Column column, int first, Span<byte[]> room)
    {
        var bytes = (BytesColumn)column;
        for (int i = 0; i < room.Length; i++)
            room[i] = bytes.Of(first + i).ToArray();
    }
}
