using System.Net;
using System.Text;
using SpeedData.Core.Container;
using SpeedData.Core.Schema;
using SpeedData.Core.Sources;

namespace SpeedData.Core.Rejects;

/// <summary>Reads the datagrams of a file of refused datagrams. Trusts nothing in the file. One thread.</summary>
/// <param name="reader">The file; its schema is that of <see cref="RejectedRecord"/>.</param>
/// <param name="stop">Cancels the reading.</param>
internal sealed class RejectReader(ContainerReader reader, CancellationToken stop)
{
    private readonly Dictionary<string, SourceAddress> _sources = new(StringComparer.Ordinal);
    private byte[] _block = [];
    private int _blockLength;
    private int _at;
    private (int From, int Length) _datagram;
    private long _left;
    private long _next = reader.Header.Length;

    public long TimeNs { get; private set; }

    public SourceAddress Source { get; private set; }

    public bool IsDenied { get; private set; }

    /// <summary>Number of refused datagrams that were not kept just before the current one.</summary>
    public long LostBefore { get; private set; }

    /// <summary>The current datagram. Valid until the next move.</summary>
    public ReadOnlySpan<byte> Datagram => _block.AsSpan(_datagram.From, _datagram.Length);

    /// <summary>Offset of the next block.</summary>
    public long Position => _next;

    /// <summary>The damage after the last datagram; null for none.</summary>
    public string? Damage { get; private set; }

    public bool MoveNext()
    {
        while (_left == 0)
        {
            stop.ThrowIfCancellationRequested();
            if (_next >= reader.Length || !TryTakeBlock())
                return false;
        }

        _left--;
        if (TryTakeRecord())
            return true;
        Damage = $"the block before {_next:N0} has no whole record at its byte {_at:N0}";
        _left = 0;
        return MoveNext();
    }

    private bool TryTakeBlock()
    {
        if (reader.ReadFrame(_next, out BlockFrame frame) is { } fault)
        {
            Damage = fault.Why;
            return false;
        }

        ReadOnlySpan<byte> data = reader.Data(frame);
        if (_block.Length < data.Length)
            _block = new byte[data.Length];
        data.CopyTo(_block);
        (_blockLength, _at, _left, _next) = (data.Length, 0, frame.Records, frame.End);
        return true;
    }

    private bool TryTakeRecord()
    {
        if (!TryLong(out long time) || !TryBytes(out var source) || !TryBytes(out var reason) || !TryBytes(out _) || !TryLong(out long lost) || !TryBytes(out var datagram))
            return false;
        (TimeNs, LostBefore, _datagram) = (time, Math.Max(0, lost), datagram);
        Source = SourceOf(_block.AsSpan(source.From, source.Length));
        IsDenied = _block.AsSpan(reason.From, reason.Length).SequenceEqual("source_denied"u8);
        return datagram.Length <= ushort.MaxValue;
    }

    private SourceAddress SourceOf(ReadOnlySpan<byte> utf8)
    {
        const int Most = 10_000;
        string text = Encoding.UTF8.GetString(utf8);
        if (_sources.TryGetValue(text, out SourceAddress known))
            return known;
        if (_sources.Count == Most)
            _sources.Clear();
        return _sources[text] = IPEndPoint.TryParse(text, out IPEndPoint? point) ? SourceAddress.From(point.Address, (ushort)point.Port) : SourceAddress.Unknown;
    }

    private bool TryLong(out long value)
    {
        ReadOnlySpan<byte> rest = _block.AsSpan(_at, _blockLength - _at);
        int length = Varint.Measure(rest);
        value = length > 0 ? Varint.Decode(rest[..length]) : 0;
        _at += Math.Max(0, length);
        return length > 0;
    }

    private bool TryBytes(out (int From, int Length) bytes)
    {
        bytes = default;
        if (!TryLong(out long length) || length < 0 || length > _blockLength - _at)
            return false;
        bytes = (_at, (int)length);
        _at += (int)length;
        return true;
    }
}
