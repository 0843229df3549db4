using System.Runtime.InteropServices;
using SpeedData.Core.Archive;
using SpeedData.Core.Diagnostics;
using SpeedData.Core.Ring;
using SpeedData.Core.Sources;
using SpeedData.Core.Threading;

namespace SpeedData.Core.Rejects;

/// <summary>
/// Keeps refused datagrams: the receive thread copies each into a bounded ring, and another thread writes them to files. If the ring is
/// full, they are counted and discarded. Ring and thread are created at the first refused datagram. One thread adds at a time.
/// </summary>
/// <param name="channel">Name of the channel.</param>
/// <param name="most">The most bytes that the files may have.</param>
/// <param name="folder">The channel's folder.</param>
/// <param name="files">File operations.</param>
/// <param name="counters">The counters for refused datagrams.</param>
/// <param name="time">The clock.</param>
internal sealed unsafe class RejectKeeper(string channel, long most, ArchiveFolder folder, IArchiveFiles files, RejectCounters counters, TimeProvider time)
{
    /// <summary>Payload bytes of the ring. Unused bytes take no memory.</summary>
    public const int RingBytes = 4 << 20;

    private const int Scratch = ushort.MaxValue;

    private volatile BurstRing? _ring;
    private volatile RejectWriter? _writer;
    private byte* _copy;
    private uint _lost;

    /// <summary>Whether the files of an earlier process are finished first.</summary>
    public bool Recovers { get; init; }

    /// <summary>The thread's last call, after everything is written that was added before <see cref="Complete"/>.</summary>
    public Action<RejectKeeper> Ended { get; init; } = _ => { };

    /// <summary>The most bytes that the files may have.</summary>
    public long Most => most;

    /// <summary>Why datagrams are currently not kept; null if they are. Any thread.</summary>
    public string? Fault => _writer?.Fault;

    /// <summary>
    /// Adds datagrams of one size; only the last may be shorter. They are invisible until <see cref="Publish"/>. Receive thread.
    /// </summary>
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

    /// <summary>Passes the added datagrams to the writer. Receive thread.</summary>
    public void Publish() => _ring?.Publish();

    /// <summary>Ends the keeper after the last datagram was added. The remaining datagrams are written.</summary>
    /// <returns>Whether a thread still has work to do; it calls <see cref="Ended"/> at its end.</returns>
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

    /// <summary>Creates the ring at the first refused datagram. The thread is started by the thread pool.</summary>
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

    /// <summary>Counts all further datagrams as not kept, after writing has ended. Frees the memory when no more are added.</summary>
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
