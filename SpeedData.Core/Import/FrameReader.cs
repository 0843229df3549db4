using SpeedData.Core.Container;
using SpeedData.Core.Schema;

namespace SpeedData.Core.Import;

/// <summary>
/// Goes from frame to frame. Where one is damaged it goes on with the first whole frame behind the damage: that which ends at
/// the next marker, or else begins behind it. One thread.
/// </summary>
/// <param name="source">The file.</param>
/// <param name="fits">Whether bytes are a record.</param>
/// <param name="stop">Ends it.</param>
internal sealed class FrameReader(IByteSource source, FrameReader.Judge fits, CancellationToken stop)
{
    private const int Window = 1 << 20, MostHead = 4;

    private readonly ByteWindow _window = new(source, Window);
    private long _at;

    public delegate bool Judge(ReadOnlySpan<byte> payload);

    /// <summary>The bytes that were passed over, in their order.</summary>
    public List<LostBytes> Lost { get; } = [];

    /// <summary>Whole frames with a payload that is no record.</summary>
    public long Unfit { get; private set; }

    /// <summary>Where the next frame should begin.</summary>
    public long Position => _at;

    /// <summary>The record of the frame; valid until the next move.</summary>
    public ReadOnlySpan<byte> Payload(in Frame frame) => _window.Look(frame.PayloadOffset, frame.PayloadLength);

    /// <exception cref="IOException">The device does not give the bytes.</exception>
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

    /// <summary>Passes over damage, up to the next whole frame or behind the next marker.</summary>
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
    /// The whole frame that ends at a marker and begins behind the damage. Behind a frame with a damaged marker it begins where
    /// that frame says that it ends.
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
