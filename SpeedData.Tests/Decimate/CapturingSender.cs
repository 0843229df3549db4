using SpeedData.Core.Relay;
using SpeedData.Core.Sockets;

namespace SpeedData.Tests.Decimate;

/// <summary>A sender that keeps the sent datagrams. As a sender may, it reads the memory only when it is flushed.</summary>
internal sealed unsafe class CapturingSender : IDatagramSender
{
    private readonly List<(nint Payload, int Length, int SegmentSize)> _added = [];

    public List<byte[]> Sent { get; } = [];

    /// <summary>Number of bytes at each flush.</summary>
    public List<int> Flushes { get; } = [];

    /// <summary>Called before each datagram is added; may throw.</summary>
    public Action OnAdd { get; set; } = () => { };

    public int GrantedBufferBytes => 0;

    public InterfaceBinding? Interface => null;

    public string? Notice => null;

    public Unreachable? Unreachable => null;

    public void Add(byte* payload, int length, int segmentSize)
    {
        OnAdd();
        _added.Add(((nint)payload, length, segmentSize));
    }

    public SendTally Flush()
    {
        long before = Sent.Count;
        foreach ((nint payload, int length, int size) in _added)
        {
            for (int at = 0; at < length; at += size)
                Sent.Add(new ReadOnlySpan<byte>((byte*)payload + at, Math.Min(size, length - at)).ToArray());
        }

        Flushes.Add(_added.Sum(a => a.Length));
        _added.Clear();
        return new SendTally(Sent.Count - before, 0);
    }

    public void Dispose()
    {
    }
}
