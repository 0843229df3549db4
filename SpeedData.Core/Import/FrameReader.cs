using SpeedData.Core.Container;
using SpeedData.Core.Schema;

namespace SpeedData.Core.Import;

/// <summary>
/// Reads frame by frame. After damage it continues with the first complete frame: the one that ends at the next marker, or else the one
/// that begins after that marker. One thread.
/// </summary>
/// <param name="source">The file.</param>
/// <param name="fits">Decides whether bytes are a record.</param>
/// <param name="stop">Cancels the reading.</param>
internal sealed class FrameReader(IByteSource source, FrameReader.Judge fits, CancellationToken stop)
{
    private const int Window = 1 << 20, MostHead = 4;

    private readonly ByteWindow _window = new(source, Window);
    private long _at;

    public delegate bool Judge(ReadOnlySpan<byte> payload);

    /// <summary>The skipped bytes, in file order.</summary>
    public List<LostBytes> Lost { get; } = [];

    /// <summary>Complete frames whose payload is not a record.</summary>
    public long Unfit { get; private set; }

    /// <summary>Expected offset of the next frame.</summary>
    public long Position => _at;

    /// <summary>Returns the record of the frame. Valid until the next move.</summary>
    public ReadOnlySpan<byte> Payload(in Frame frame) => _window.Look(frame.PayloadOffset, frame.PayloadLength);

    /// <exception cref="IOException">The device cannot read the bytes.</exception>
    public bool MoveNext(out Frame frame)
    {
        while (_at < source.Length)
        {
            stop.ThrowIfCancellationRequested();
            bool isWhole = TryRead(_at, out frame);
            if (isWhole && fits(Payload(frame)))
            {
                _at = frame.End;
                return true;
            }

            Pass(isWhole ? frame : null);
        }

        frame = default;
        return false;
    }

    /// <summary>Skips damage up to the next complete frame, or past the next marker.</summary>
    private void Pass(Frame? unfit)
    {
        long marker = NextMarker(_at);
        if (marker < 0)
        {
            Lose(source.Length);
            return;
        }

        if (Ending(marker) is { } next)
        {
            Lose(next.Offset);
            return;
        }

        if (unfit is { } frame && frame.MarkerOffset == marker)
            Unfit++;
        Lose(marker + Frame.Marker.Length);
    }

    private void Lose(long to)
    {
        if (Lost is [.., { } last] && last.Offset + last.Bytes == _at)
            Lost[^1] = last with { Bytes = to - last.Offset };
        else
            Lost.Add(new LostBytes(_at, to - _at));
        _at = to;
    }

    /// <summary>
    /// Finds the complete frame that ends at a marker and begins after the damage. If only the marker of the damaged frame is wrong, the
    /// next frame begins where the damaged frame's length says.
    /// </summary>
    private Frame? Ending(long marker)
    {
        if (TryReadHead(_at, out Frame damaged) && damaged.End < marker && IsRecordUpTo(damaged.End, marker, out Frame expected))
            return expected;
        for (long at = Math.Max(_at + 1, marker - Frame.MostPayload - MostHead); at < marker; at++)
        {
            if (IsRecordUpTo(at, marker, out Frame found))
                return found;
        }

        return null;
    }

    private bool IsRecordUpTo(long at, long marker, out Frame frame) =>
        TryReadHead(at, out frame) && frame.MarkerOffset == marker && fits(Payload(frame));

    private bool TryRead(long at, out Frame frame) =>
        TryReadHead(at, out frame) && _window.Look(at, (int)(frame.End - at)) is var all && all.Length == frame.End - at && all.EndsWith(Frame.Marker);

    private bool TryReadHead(long at, out Frame frame)
    {
        frame = default;
        ReadOnlySpan<byte> head = _window.Look(at, MostHead);
        if (head.Length < 2 || head[0] != Frame.CountByte)
            return false;
        int size = Varint.Measure(head[1..]);
        if (size is not (> 0 and < MostHead))
            return false;
        long length = Varint.Decode(head.Slice(1, size));
        if (length is < 0 or > Frame.MostPayload)
            return false;
        frame = new Frame(at, 1 + size, (int)length);
        return true;
    }

    private long NextMarker(long from)
    {
        for (long at = from; at < source.Length; at += Window - Frame.Marker.Length + 1)
        {
            stop.ThrowIfCancellationRequested();
            int found = _window.Look(at, Window).IndexOf(Frame.Marker);
            if (found >= 0)
                return at + found;
        }

        return -1;
    }
}
