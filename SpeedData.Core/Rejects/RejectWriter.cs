using SpeedData.Core.Archive;
using SpeedData.Core.Archive.Index;
using SpeedData.Core.Container;
using SpeedData.Core.Diagnostics;
using SpeedData.Core.Ring;

namespace SpeedData.Core.Rejects;

/// <summary>
/// Writes refused datagrams from their ring to files. Datagrams that the disk refuses are counted as not kept. No other thread waits for
/// the disk. Runs on its own thread.
/// </summary>
/// <param name="channel">Prefix of the file names.</param>
/// <param name="most">The most bytes that the files may have.</param>
/// <param name="ring">The datagrams to write, each after its reason and kind.</param>
/// <param name="folder">The channel's folder.</param>
/// <param name="files">File operations.</param>
/// <param name="counters">The counters for refused datagrams.</param>
/// <param name="time">The clock.</param>
internal sealed class RejectWriter(string channel, long most, BurstRing ring, ArchiveFolder folder, IArchiveFiles files, RejectCounters counters, TimeProvider time) : IDisposable
{
    /// <summary>Bytes before each datagram in the ring: the reason and the kind.</summary>
    public const int Prefix = 2;

    private const int BlockBytes = 64 << 10, FilesInQuota = 8;

    private static readonly TimeSpan Flush = TimeSpan.FromMilliseconds(50), Look = TimeSpan.FromSeconds(1), LongestFile = TimeSpan.FromHours(1), LongestSilence = TimeSpan.FromMinutes(1), Pause = TimeSpan.FromSeconds(1);

    private readonly RejectFolder _kept = new(channel, folder, files);
    private readonly EntryBuffer _block = new(2 * BlockBytes);
    private readonly Dictionary<ushort, byte[]> _sources = [];
    private RejectFile? _file;
    private Task _ending = Task.CompletedTask;
    private long _inBlock;
    private long _firstNs;
    private long _lost;
    private bool _recovers;
    private long _writtenAt;
    private long? _failedAt;

    /// <summary>Why datagrams are currently not kept; null if they are. Any thread.</summary>
    public volatile string? Fault;

    /// <summary>Writes until the ring is completed and empty.</summary>
    /// <param name="recovers">Whether the files of an earlier process are finished first.</param>
    public void Run(bool recovers)
    {
        _recovers = recovers;
        folder.Enter();
        try
        {
            while (Step())
            {
            }

            End();
            _ending.Wait();
        }
        finally
        {
            folder.Leave();
        }
    }

    public void Dispose() => _block.Dispose();

    /// <returns>False if nothing is left to do.</returns>
    private bool Step()
    {
        bool isCompleted = ring.IsCompleted;
        if (ring.PublishedIndex == ring.ReleasedIndex)
        {
            if (isCompleted)
                return false;
            EndIfDue();
            ring.Wait(1, _file is null ? Timeout.InfiniteTimeSpan : Look);
            return true;
        }

        // Waits for more datagrams, because a large block costs little more than a small one.
        if (!isCompleted)
            ring.Wait(BlockBytes, Flush);
        Take();
        return true;
    }

    private void Take()
    {
        long published = ring.PublishedIndex, index = ring.ReleasedIndex;
        _sources.Clear();
        for (; index < published && _block.Length < BlockBytes; index++)
            Add(in ring[index]);
        Write();
        ring.Release(index);
    }

    private void Add(ref readonly BurstDescriptor burst)
    {
        ReadOnlySpan<byte> bytes = ring.Payload(burst.Offset, burst.Length);
        if (_inBlock == 0)
            _firstNs = burst.ReceiveTimeNs;
        RejectedRecord.Write(_block, burst.ReceiveTimeNs, SourceOf(burst.Source), (DropReason)bytes[0], bytes[1], _lost + burst.LostBefore, bytes[Prefix..]);
        _lost = 0;
        _inBlock++;
    }

    private byte[] SourceOf(ushort id)
    {
        if (!_sources.TryGetValue(id, out byte[]? text))
            _sources.Add(id, text = RejectedRecord.TextOf(ring.Sources[id]));
        return text;
    }

    private void Write()
    {
        int error = TryWrite();
        if (error == 0)
        {
            counters.Keep(_inBlock);
            Fault = null;
        }
        else
        {
            counters.Lose(_inBlock);
            _lost += _inBlock;
        }

        _block.Clear();
        _inBlock = 0;
        _writtenAt = time.GetTimestamp();
    }

    /// <returns>errno; 0 for no error.</returns>
    private int TryWrite()
    {
        if (_failedAt is { } failed && time.GetElapsedTime(failed) < Pause)
            return Native.Errno.Again;
        EndIfDue();
        int error = _file is null ? Begin() : 0;
        if (error == 0)
            error = _file!.Append(_inBlock, _block.Bytes);
        _failedAt = error == 0 ? null : time.GetTimestamp();
        if (error == 0)
            return 0;
        End();
        Fault = $"refused datagrams are not kept: {ArchiveFaultText.Of("write", folder.Path, folder.Path, error)}";
        return error;
    }

    private int Begin()
    {
        if (Prepare() is not 0 and var error)
            return error;
        if (_recovers)
            _kept.Recover();
        _recovers = false;
        _kept.Limit(most - (most / FilesInQuota));
        return RejectFile.Begin(files, folder, channel, _firstNs, time, out _file);
    }

    private int Prepare() => folder.Prepare() is not 0 and var error ? error : folder.IsOurs ? 0 : Native.Errno.Again;

    private void EndIfDue()
    {
        if (_file is not { } file)
            return;
        bool isFull = file.Bytes + BlockFrame.MaxNumbers + _block.Length + ContainerHeader.SyncLength > most / FilesInQuota, isOld = time.GetElapsedTime(file.OpenedAt) > LongestFile;
        if (isFull || isOld || (_inBlock == 0 && time.GetElapsedTime(_writtenAt) > LongestSilence))
            End();
    }

    /// <summary>
    /// Finishes the file on another thread, because a sync may be slow and the ring fills meanwhile. Only the next call waits for it.
    /// </summary>
    private void End()
    {
        if (_file is not { } file)
            return;
        _file = null;
        _ending.Wait();
        _ending = Task.Factory.StartNew(file.End, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }
}
