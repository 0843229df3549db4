using System.Diagnostics;
using SpeedData.Core.Archive.Index;
using SpeedData.Core.Configuration;
using SpeedData.Core.Container;
using SpeedData.Core.Diagnostics;
using SpeedData.Core.Native;

namespace SpeedData.Core.Archive;

/// <summary>
/// Appends blocks to the channel's current file. Opens a file at the first block, and begins a new one by size and by age. After a
/// failure it drops blocks until the next attempt is due. Writer thread, except <see cref="Part"/>.
/// </summary>
internal sealed class RollingFile : IDisposable
{
    private readonly ArchiveFolder _folder;
    private readonly SyncWorker _worker;
    private readonly Func<ArchiveOptions> _forNextFile;
    private readonly TimeProvider _time;
    private readonly IndexAppender _index;
    private readonly Outage _outage;
    private readonly Func<IBlockCodec, ArchiveOptions, PartFiles> _filesOf;
    private readonly TimeSpan _syncEvery;
    private readonly KeyValuePair<string, object?> _tag;
    private ArchiveOptions _options;
    private IBlockCodec _codec;
    private Rotation _rotation;
    private PartFiles _files;
    private volatile PartFile? _part;
    private long _accepted;

    /// <param name="channel">The channel's name.</param>
    /// <param name="schemaText">The schema's text for the header.</param>
    /// <param name="options">Options for the first file; some of them apply to every file.</param>
    /// <param name="forNextFile">Returns the present options. A new file uses their codec, rotation and host name.</param>
    /// <param name="backoff">Delays after a fault.</param>
    /// <param name="folder">The folder of the files.</param>
    /// <param name="files">File operations.</param>
    /// <param name="health">Records the faults.</param>
    /// <param name="worker">Syncs and ends files.</param>
    /// <param name="indexer">Describes blocks for the index.</param>
    /// <param name="time">The clock.</param>
    public RollingFile(
        string channel, string schemaText, ArchiveOptions options, Func<ArchiveOptions> forNextFile, RestartOptions backoff,
        ArchiveFolder folder, IArchiveFiles files, ArchiveHealth health, SyncWorker worker, BlockIndexer indexer, TimeProvider time)
    {
        _folder = folder;
        _worker = worker;
        _options = options;
        _forNextFile = forNextFile;
        _time = time;
        _codec = IBlockCodec.For(options.Codec);
        _rotation = new Rotation(options, time);
        _index = new IndexAppender(indexer, options.FlushEvery, time);
        _outage = new Outage(folder, health, backoff, time);
        _filesOf = (codec, now) => new PartFiles(channel, schemaText, codec.Name, now, folder, files, worker, indexer, _outage, time);
        _files = _filesOf(_codec, options);
        _syncEvery = options.SyncEvery;
        _tag = new KeyValuePair<string, object?>("channel", channel);
    }

    /// <summary>Any thread: the file being written; null if there is none.</summary>
    public PartFile? Part => _part;

    /// <summary>The longest time that the writer may sleep while nothing arrives.</summary>
    public TimeSpan UntilDue
    {
        get
        {
            if (_part is not { } part || _outage.HasBegun)
                return _outage.UntilTrial(hasFile: _part is not null);
            if (part.SyncError != 0)
                return TimeSpan.Zero;
            // The trial shows whether the disk syncs again, even if nothing arrives.
            TimeSpan sync = part.HasUnsyncedData ? _syncEvery : TimeSpan.MaxValue;
            return Earliest(_rotation.Left(part), Earliest(sync, _index.Left(part.Index)));
        }
    }

    /// <summary>
    /// Tests after a failure, while nothing arrives, whether a file can be begun again. The empty test file is not kept.
    /// </summary>
    public void TryAgain()
    {
        if (!_outage.IsTrialDue(hasFile: _part is not null))
            return;
        _outage.Tried();
        // Takes the earliest free name, so that the next datagram's own name stays free.
        if (_files.Begin(0) is { } part)
        {
            _files.End(part);
            _outage.End();
        }
    }

    /// <summary>
    /// Locks and tests the folder, so that a fault is reported and retried before the first datagram arrives.
    /// </summary>
    public void Begin()
    {
        if (_folder.Scan() is not 0 and var error)
            _outage.Begin("open", _folder.Path, error);
        else if (_folder.TryOut() is not 0 and var refused)
            _outage.Begin("create", _folder.TrialPath, refused);
    }

    /// <summary>Appends a block that is still in the ring. Begins a new file if one is due.</summary>
    /// <returns>
    /// The number of bytes accepted, including framing. If the block could not be written, 0, and no trace of it is left.
    /// </returns>
    public long Append(in Block block, BlockData records)
    {
        _index.Drop();
        _accepted = 0;
        if (_outage.IsPaused)
            return 0;
        if (_part is null)
            FollowOptions();
        BlockData data = _codec.Encode(records);
        EndIfDue(data.Length);
        if (_part is null && FollowOptions())
            data = _codec.Encode(records);
        _part ??= _files.Begin(block.FirstTimeNs);
        return _part is { } part ? Append(part, block, data) : 0;
    }

    /// <summary>Adds the last appended block to the index. Call it after the block was counted.</summary>
    public void AppendToIndex() => _index.Append(_part?.Index);

    /// <summary>Does the work that depends on time alone: ends a file that is too old, and writes waiting index entries.</summary>
    public void KeepTime()
    {
        if (_part is { SyncError: not 0 })
        {
            // The next block goes to a new file. Until it arrives, an empty file is tested.
            EndFailed();
            _outage.Tried();
        }

        EndIfTooOld();
        _index.KeepTime(_part?.Index);
    }

    /// <summary>Removes the last appended block from the file, because it is counted elsewhere.</summary>
    public void LeaveOut()
    {
        _index.Drop();
        if (_part is { } part && _accepted > 0)
            part.TakeBack(_accepted);
        _accepted = 0;
    }

    /// <summary>Ends the file, if there is one.</summary>
    public void End()
    {
        if (_part is not { } part)
            return;
        _part = null;
        _files.End(part);
    }

    public void Dispose() => _codec.Dispose();

    /// <summary>Applies the present options to the next file. Called while there is no file.</summary>
    /// <returns>Whether they differ from those of the last file.</returns>
    private bool FollowOptions()
    {
        ArchiveOptions now = _forNextFile();
        if (ReferenceEquals(now, _options) || now.OfFile() == _options.OfFile())
            return false;
        _options = _options.WithFile(now);
        _codec.Dispose();
        _codec = IBlockCodec.For(now.Codec);
        _rotation = new Rotation(_options, _time);
        _files = _filesOf(_codec, _options);
        return true;
    }

    private static TimeSpan Earliest(TimeSpan a, TimeSpan b) => a < b ? a : b;

    private void EndIfDue(int nextBytes)
    {
        if (_part is { SyncError: not 0 })
            EndFailed();
        else if (_part is { } part && _rotation.IsFull(part, nextBytes))
            End();
        else
            EndIfTooOld();
    }

    private void EndIfTooOld()
    {
        if (_part is { } part && _rotation.IsTooOld(part))
            End();
    }

    /// <summary>Ends the file after a failed sync, because the folder may have been replaced.</summary>
    private void EndFailed()
    {
        _folder.Forget();
        End();
    }

    private long Append(PartFile part, in Block block, BlockData data)
    {
        bool couldBeLarger = part.Blocks > 0;
        WriteResult result = Write(part, block, data, out AppendedBlock appended);
        if (appended.Accepted == 0 && couldBeLarger && result.Error == Errno.FileTooLarge)
        {
            // The file is complete without this block, and a new file has room for it, so nothing is lost.
            End();
            _outage.MetSizeLimit(part.Path);
            _part = _files.Begin(block.FirstTimeNs);
            if (_part is not { } next)
                return 0;
            part = next;
            result = Write(part, block, data, out appended);
            if (appended.Accepted > 0)
                _outage.End();
        }

        if (appended.Accepted == 0)
        {
            // The file first: nothing may be counted while bytes that were not accepted are still in the file.
            End();
            _outage.Begin(part.Path, result);
            return 0;
        }

        if (part.Index is not null)
            _index.Describe(block, appended);
        _worker.Written(part);
        if (_outage.HasBegun)
            _outage.End();
        return appended.Accepted;
    }

    private WriteResult Write(PartFile part, in Block block, BlockData data, out AppendedBlock appended)
    {
        long start = Stopwatch.GetTimestamp();
        WriteResult result = part.Append(block.Datagrams, data, out appended);
        // Set first, so that after an exception the undo finds these bytes.
        _accepted = appended.Accepted;
        Telemetry.ArchiveWriteDuration.Record(Stopwatch.GetElapsedTime(start).TotalSeconds, _tag);
        return result;
    }
}
