using System.Text;
using SpeedData.Core.Reading.Columns;

namespace SpeedData.Core.Export.Hdf5;

/// <summary>Texts of any length; what is absent is empty.</summary>
internal sealed class TextDataset(long rows, string? units) : Hdf5Column<string>(rows, units)
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
        _lastBytes = bytes.ToArray();
        return _last = Encoding.UTF8.GetString(bytes);
    }
}

/// <summary>Bytes of any number.</summary>
internal sealed class BinaryDataset(long rows, string? units) : Hdf5Column<byte[]>(rows, units)
{
    protected override void Take(Column column, int first, Span<byte[]> room)
    {
        var bytes = (BytesColumn)column;
        for (int i = 0; i < room.Length; i++)
            room[i] = bytes.Of(first + i).ToArray();
    }
}
