using System.Runtime.InteropServices;
using SpeedData.Core.Archive;
using SpeedData.Core.Diagnostics;
using SpeedData.Core.Ring;
using SpeedData.Core.Sources;
using SpeedData.Core.Threading;

namespace SpeedData.Core.Rejects;

/// <summary>
/// Keeps refused datagrams: the receive thread copies each into a bounded ring, and another thread writes them to files. Where the
/// ring is full they are counted and forgotten. Ring and thread begin with the first refused datagram. One thread adds at a time.
/// </summary>
/// <param name="channel">Whose datagrams they are.</param>
/// <param name="most">Bytes that the files may have.</param>
/// <param name="folder">The channel's folder.</param>
/// <param name="files">File operations.</param>
/// <param name="counters">Where they are counted.</param>
/// <param name="time">The clock.</param>
internal sealed unsafe class RejectKeeper(string channel, long most, ArchiveFolder folder, IArchiveFiles files, RejectCounters counters, TimeProvider time)
{
    /// <summary>Payload bytes of the ring; what is not used takes no memory.</summary>
    public const int RingBytes = 4 << 20;

    private const int Scratch = ushort.MaxValue;

    private volatile BurstRing? _ring;
    private volatile RejectWriter? _writer;
    private byte* _copy;
    private uint _lost;

    /// <summary>Whether files that an earlier process left are ended.</summary>
    public bool Recovers { get; init; }

    /// <summary>Called on a thread's last act, once everything is written after <see cref="Complete"/>.</summary>
    public Action<RejectKeeper> Ended { get; init; } = _ => { };

    /// <summary>Bytes that the files may have.</summary>
    public long Most => most;

    /// <summary>Any thread: why nothing is kept at present; null while all is well.</summary>
    public string? Fault => _writer?.Fault;

    /// <summary>Receive thread: datagrams of one size, of which only the last may be shorter. Invisible until <see cref="Publish"/>.</summary>
    public void Add(DropReason reason, byte kind, long timeNs, in SourceAddress source, ReadOnlySpan<byte> datagrams, int segmentSize)
    {
        BurstRing ring = _ring ?? Begin();
        do
        {
            int size = Math.Min(segmentSize, datagrams.Length);
            Add(ring, reason, kind, timeNs, in source, datagrams[..size]);
            datagrams = datagrams[size..];
        }
        while (!datagrams.IsEmpty);
    }

    /// <summary>Receive thread: hands over what was added.</summary>
    public void Publish() => _ring?.Publish();

    /// <summary>Nobody adds any more: the rest is written, and everything ends.</summary>
    /// <returns>Whether there is a rest; <see cref="Ended"/> is then called.</returns>
    public bool Complete()
    {
        _ring?.Complete();
        return _ring is not null;
    }

    private void Add(BurstRing ring, DropReason reason, byte kind, long timeNs, in SourceAddress source, ReadOnlySpan<byte> datagram)
    {
        var copy = new Span<byte>(_copy, Scratch);
        copy[0] = (byte)reason;
        copy[1] = kind;
        datagram.CopyTo(copy[RejectWriter.Prefix..]);
        int length = RejectWriter.Prefix + datagram.Length;
        if (ring.TryWrite(copy[..length], length, 1, timeNs, in source, _lost))
        {
            _lost = 0;
            return;
        }

        _lost += _lost == uint.MaxValue ? 0 : 1u;
        counters.Lose(1);
    }

    /// <summary>The first refused datagram: the memory is made here, the thread elsewhere.</summary>
    private BurstRing Begin()
    {
        var ring = new BurstRing(RingBytes, RingBytes / 8);
        _copy = (byte*)NativeMemory.Alloc(Scratch);
        _ring = ring;
        ThreadPool.UnsafeQueueUserWorkItem(static keeper => keeper.Start(), this, preferLocal: false);
        return ring;
    }

    private void Start()
    {
        try
        {
            OwnedThread.Start($"{channel} rejects", Run);
        }
        catch (ThreadRoomException)
        {
            Abandon();
        }
    }

    private void Run()
    {
        using (var writer = new RejectWriter(channel, most, _ring!, folder, files, counters, time))
        {
            _writer = writer;
            try
            {
                writer.Run(Recovers);
            }
            catch (Exception e)
            {
                writer.Fault = $"refused datagrams are not kept: {e.Message}";
            }
        }

        Abandon();
    }

    /// <summary>Nothing more is written: what comes is counted as not kept. The memory stays until nobody adds any more.</summary>
    private void Abandon()
    {
        BurstRing ring = _ring!;
        while (!ring.IsCompleted || ring.PublishedIndex != ring.ReleasedIndex)
        {
            long published = ring.PublishedIndex;
            counters.Lose(published - ring.ReleasedIndex);
            ring.Release(published);
            if (!ring.IsCompleted)
                ring.Wait(1, Timeout.InfiniteTimeSpan);
        }

        ring.Dispose();
        NativeMemory.Free(_copy);
        Ended(this);
    }
}
