using System.Diagnostics;
using System.Globalization;
using Microsoft.Win32.SafeHandles;
using SpeedData.Core.Archive.Index;
using SpeedData.Core.Archive.Recovery;
using SpeedData.Core.Configuration;
using SpeedData.Core.Container;
using SpeedData.Core.Diagnostics;
using SpeedData.Core.Native;
using SpeedData.Core.Threading;

namespace SpeedData.Core.Archive;

/// <summary>
/// The channel's files as one to append to: opens them at the first block, begins a new one by size and by age, and
/// after a failure drops what comes until it is time to try a new one. Writer thread, but for the properties.
/// </summary>
internal sealed class RollingFile : IDisposable
{
    // Whatever the supervisor's delays are: archiving resumes within 2 s of the disk's return.
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    // Ten blocks of datagrams that came in singly.
    private const int IndexWriteBytes = 8 << 10;

    private readonly string _channel;
    private readonly string _schemaText;
    private readonly ArchiveOptions _options;
    private readonly ArchiveFolder _folder;
    private readonly IArchiveFiles _files;
    private readonly ArchiveHealth _health;
    private readonly SyncWorker _worker;
    private readonly TimeProvider _time;
    private readonly Backoff _backoff;
    private readonly IBlockCodec _codec;
    private readonly BlockIndexer _indexer;
    private readonly KeyValuePair<string, object?> _tag;
    private volatile PartFile? _part;
    private IndexEntry? _entry;
    private long _accepted;
    private long _indexWrittenAt;
    private TimeSpan _pause;
    private long _pausedAt;
    private long _triedAt;

    public RollingFile(
        string channel, string schemaText, ArchiveOptions options, RestartOptions backoff,
        ArchiveFolder folder, IArchiveFiles files, ArchiveHealth health, SyncWorker worker, BlockIndexer indexer, TimeProvider time)
    {
        _channel = channel;
        _schemaText = schemaText;
        _options = options;
        _folder = folder;
        _files = files;
        _health = health;
        _worker = worker;
        _indexer = indexer;
        _time = time;
        _backoff = new Backoff(backoff.InitialDelay, backoff.MaxDelay < LongestPause ? backoff.MaxDelay : LongestPause);
        _codec = IBlockCodec.For(options.Codec);
        _tag = new KeyValuePair<string, object?>("channel", channel);
    }

    /// <summary>Any thread: the file being written.</summary>
    public PartFile? Part => _part;

    /// <summary>Longest that the writer may sleep while nothing comes.</summary>
    public TimeSpan UntilDue
    {
        get
        {
            if (_pause > TimeSpan.Zero)
                return Left(_pause, _pausedAt);
            if (_part is not { } part)
                return _health.HasSyncFault ? Left(LongestPause, _triedAt) : Timeout.InfiniteTimeSpan;
            if (part.SyncError != 0)
                return TimeSpan.Zero;
            TimeSpan tooOld = Left(_options.RotateEvery, part.OpenedAt);
            // Whether the sync fails is to be seen though nothing comes any more.
            if (part.HasUnsyncedData && _options.SyncEvery < tooOld)
                tooOld = _options.SyncEvery;
            if (part.Index is not { Collected: > 0 })
                return tooOld;
            TimeSpan indexDue = Left(IndexEvery, _indexWrittenAt);
            return indexDue < tooOld ? indexDue : tooOld;
        }
    }

    /// <summary>
    /// After a failure, while nothing comes to be written: tries whether a file can be begun again, so that an archive of
    /// a silent device does not stay unwell once the cause is gone. The file is empty and is not kept.
    /// </summary>
    public void TryAgain()
    {
        bool hasFailedToWrite = _pause > TimeSpan.Zero && !IsPaused();
        bool hasFailedToSync = _pause == TimeSpan.Zero && _part is null && _health.HasSyncFault && _time.GetElapsedTime(_triedAt) >= LongestPause;
        if (!hasFailedToWrite && !hasFailedToSync)
            return;
        _triedAt = _time.GetTimestamp();
        // The earliest name that is free: the next datagram's own must not be taken.
        if (Open(0) is { } part)
        {
            End(part);
            Recover();
        }
    }

    /// <summary>Takes the folder and tries it: what is wrong with it is known, and tried again, before the first datagram comes.</summary>
    public void Begin()
    {
        if (_folder.Scan() is not 0 and var error)
            Fail("open", _folder.Path, error);
        else if (_folder.TryOut() is not 0 and var refused)
            Fail("create", _folder.TrialPath, refused);
    }

    /// <summary>Appends a block, in a new file where one is due. It still lies in the ring.</summary>
    /// <returns>Bytes accepted, framing included; 0 if the block could not be written, and then no trace of it is left.</returns>
    public long Append(in Block block, BlockData records)
    {
        _entry = null;
        _accepted = 0;
        if (IsPaused())
            return 0;
        BlockData data = _codec.Encode(records);
        EndIfDue(data.Length);
        PartFile? part = _part ?? Open(block.FirstTimeNs);
        return part is null ? 0 : Append(part, block, data);
    }

    /// <summary>
    /// Describes the block that was appended last in the index, once it is counted: at once, or where blocks come thick with
    /// those that follow within half a flush interval.
    /// </summary>
    public void AppendToIndex()
    {
        if (_entry is null || _part?.Index is not { } index)
            return;
        index.Add(_entry);
        if (index.Collected >= IndexWriteBytes)
            Write(index);
        else
            WriteIndexIfDue(index);
    }

    /// <summary>Does what time alone asks for, data or not: ends the file if its age is over, writes what waits for the index.</summary>
    public void KeepTime()
    {
        if (_part is { SyncError: not 0 } failed)
            EndFailed(failed);
        EndIfTooOld();
        if (_part?.Index is { Collected: > 0 } index)
            WriteIndexIfDue(index);
    }

    /// <summary>Takes back the block that was appended last, if it is in the file: it is accounted for otherwise.</summary>
    public void LeaveOut()
    {
        _entry = null;
        if (_part is { } part && _accepted > 0)
            part.TakeBack(_accepted);
        _accepted = 0;
    }

    /// <summary>Ends the file, if there is one.</summary>
    public void End()
    {
        if (_part is { } part)
            End(part);
    }

    public void Dispose() => _codec.Dispose();

    private TimeSpan IndexEvery => _options.FlushEvery / 2;

    private TimeSpan Left(TimeSpan of, long since) => TimeSpan.FromTicks(Math.Max(0, (of - _time.GetElapsedTime(since)).Ticks));

    private void WriteIndexIfDue(IndexFile index)
    {
        if (_time.GetElapsedTime(_indexWrittenAt) >= IndexEvery)
            Write(index);
    }

    /// <summary>An index that cannot be written is left.</summary>
    private void Write(IndexFile index)
    {
        _indexWrittenAt = _time.GetTimestamp();
        index.TryWrite();
    }

    /// <summary>A sync failed: the next block goes to a new file, and while none comes an empty one is tried.</summary>
    private void EndFailed(PartFile part)
    {
        _folder.Forget();
        End(part);
        _triedAt = _time.GetTimestamp();
    }

    private void EndIfTooOld()
    {
        if (_part is { } part && _time.GetElapsedTime(part.OpenedAt) >= _options.RotateEvery)
            End(part);
    }

    private bool IsPaused() => _pause > TimeSpan.Zero && _time.GetElapsedTime(_pausedAt) < _pause;

    private void EndIfDue(int nextBytes)
    {
        if (_part is not { } part)
            return;
        // After a failed sync the folder may be another than it was.
        if (part.SyncError != 0)
            _folder.Forget();
        bool full = part.Blocks > 0 && part.Length + PartFile.MaxFraming + nextBytes > _options.RotateBytes;
        if (full || part.SyncError != 0)
            End(part);
        else
            EndIfTooOld();
    }

    private void End(PartFile part)
    {
        _part = null;
        // Cut in any case: an exception may have left a torn block behind the last whole one.
        bool whole = part.CutBack() == 0;
        _worker.End(part, part.Blocks == 0 ? PartEnd.Delete : whole ? PartEnd.Finish : PartEnd.SetAside);
    }

    private PartFile? Open(long firstTimeNs)
    {
        int error = _folder.Create(firstTimeNs, out ArchiveName name, out SafeFileHandle? handle);
        if (error != 0)
        {
            // Without a name it was the folder that could not be had.
            if (name == default)
                Fail("open", _folder.Path, error);
            else
                Fail("create", _folder.PathOf(name.Part), error);
            return null;
        }
        string path = _folder.PathOf(name.Part);
        byte[] sync = ContainerHeader.NewSync();
        var part = new PartFile(_files, handle!, name, path, _time.GetTimestamp(), sync);
        byte[] header = ContainerHeader.Encode(Metadata(), sync);
        WriteResult result = part.WriteHeader(header);
        _part = part;
        if (part.Length == header.Length)
        {
            part.Index = IndexFile.Create(_files, _folder.PathOf(name.Index), _channel, name, header);
            _worker.Opened(part);
            return part;
        }
        Fail(part, result);
        return null;
    }

    private List<(string Key, string Value)> Metadata()
    {
        List<(string, string)> metadata =
        [
            (ContainerHeader.SchemaKey, _schemaText),
            (ContainerHeader.CodecKey, _codec.Name),
            ("speeddata.channel", _channel),
            ("speeddata.created", ContainerHeader.TimeText(_time.GetUtcNow())),
            (IndexSchema.OrdinalKey, _indexer.Ordinal.ToString(CultureInfo.InvariantCulture)),
        ];
        if (BootId.Current is { } boot)
            metadata.Add((BootId.Key, boot));
        if (_options.HostName)
            metadata.Add(("speeddata.host", Environment.MachineName));
        return metadata;
    }

    private long Append(PartFile part, in Block block, BlockData data)
    {
        bool couldBeLarger = part.Blocks > 0;
        WriteResult result = Write(part, block, data, out AppendedBlock appended);
        if (appended.Accepted == 0 && couldBeLarger && MetSizeLimit(part, result))
        {
            // The file is whole without this block, and a new one has room for it: nothing is lost.
            End(part);
            _health.WritingFailed("write", Errno.FileTooLarge, () => ArchiveFaultText.OfSizeLimit(part.Path, FileSizeLimit.Current));
            if (Open(block.FirstTimeNs) is not { } next)
                return 0;
            part = next;
            result = Write(part, block, data, out appended);
            if (appended.Accepted > 0)
                Recover();
        }

        if (appended.Accepted == 0)
        {
            Fail(part, result);
            return 0;
        }
        if (part.Index is not null)
            _entry = _indexer.Describe(block, appended.Offset, appended.Bytes, appended.Crc32C);
        _worker.Written(part);
        if (_pause > TimeSpan.Zero)
            Recover();
        return appended.Accepted;
    }

    private WriteResult Write(PartFile part, in Block block, BlockData data, out AppendedBlock appended)
    {
        long start = Stopwatch.GetTimestamp();
        WriteResult result = part.Append(block.Datagrams, data, out appended);
        // First: what throws from here on must find what is to be taken back.
        _accepted = appended.Accepted;
        Telemetry.ArchiveWriteDuration.Record(Stopwatch.GetElapsedTime(start).TotalSeconds, _tag);
        return result;
    }

    /// <summary>A write that begins below the limit ends at it without an error; one that begins there gets EFBIG.</summary>
    private static bool MetSizeLimit(PartFile part, WriteResult result) =>
        result.Error == Errno.FileTooLarge || (result.Error == 0 && part.Length + result.Written >= FileSizeLimit.Current);

    private void Fail(PartFile part, WriteResult result)
    {
        // The file first: nothing is counted before what was not accepted is off it.
        End(part);
        if (MetSizeLimit(part, result))
            Fail("write", part.Path, Errno.FileTooLarge);
        else if (result.Error == 0)
            // Told as the full disk it most often is: the next attempt gets ENOSPC, and one outage is one fault.
            Fail("write", Errno.NoSpace, () => ArchiveFaultText.OfShortWrite(part.Path, result.Written));
        else
            Fail("write", part.Path, result.Error);
    }

    private void Fail(string doing, string path, int error)
    {
        Fail(doing, error, () => error == Errno.Again ? ArchiveFaultText.OfHeldFolder(_folder.Path, _folder.Holder) : ArchiveFaultText.Of(doing, path, _folder.Path, error));
        if (Errno.IsLackOfRoom(error))
            _folder.RoomRefused();
    }

    private void Fail(string doing, int error, Func<string> message)
    {
        _health.WritingFailed(doing, error, message);
        _folder.Forget();
        _pause = _backoff.Next();
        _pausedAt = _time.GetTimestamp();
    }

    private void Recover()
    {
        _folder.RoomFound();
        _pause = TimeSpan.Zero;
        _backoff.Reset();
        _health.WritingWorks();
    }
}
