using System.Diagnostics;
using SpeedData.Core.Archive.Index;
using SpeedData.Core.Configuration;
using SpeedData.Core.Container;
using SpeedData.Core.Diagnostics;
using SpeedData.Core.Native;

namespace SpeedData.Core.Archive;

/// <summary>
/// Appends blocks to the channel's current file: opens one at the first block, begins a new one by size and by age, and after a
/// failure drops blocks until it is time to try again. Writer thread, except <see cref="Part"/>.
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
    /// <param name="schemaText">For the header.</param>
    /// <param name="options">For the first file, and what holds for every file.</param>
    /// <param name="forNextFile">Gives the present options; a new file uses their codec, rotation and host name.</param>
    /// <param name="backoff">Delays after a fault.</param>
    /// <param name="folder">Where the files are.</param>
    /// <param name="files">File operations.</param>
    /// <param name="health">What keeps it from writing.</param>
    /// <param name="worker">Syncs and ends files.</param>
    /// <param name="indexer">Describes blocks.</param>
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

    /// <summary>Any thread: the file being written.</summary>
    public PartFile? Part => _part;

    /// <summary>Longest that the writer may sleep while nothing comes.</summary>
    public TimeSpan UntilDue
    {
        get
        {
            if (_part is not { } part || _outage.HasBegun)
                return _outage.UntilTrial(hasFile: _part is not null);
            if (part.SyncError != 0)
                return TimeSpan.Zero;
            // The test shows whether the disk syncs again, even if nothing arrives.
            TimeSpan sync = part.HasUnsyncedData ? _syncEvery : TimeSpan.MaxValue;
            return Earliest(_rotation.Left(part), Earliest(sync, _index.Left(part.Index)));
        }
    }

    /// <summary>
    /// After a failure, while nothing arrives: tests whether a file can be begun again, with an empty file that is not kept.
    /// </summary>
    public void TryAgain()
    {
        if (!_outage.IsTrialDue(hasFile: _part is not null))
            return;
        _outage.Tried();
        // The earliest free name, so that the next datagram's own name is not taken.
        if (_files.Begin(0) is { } part)
        {
            _files.End(part);
            _outage.End();
        }
    }

    /// <summary>
    /// Locks the folder and tests it, so that a fault is known, and tried again, before the first datagram comes.
    /// </summary>
    public void Begin()
    {
        if (_folder.Scan() is not 0 and var error)
            _outage.Begin("open", _folder.Path, error);
        else if (_folder.TryOut() is not 0 and var refused)
            _outage.Begin("create", _folder.TrialPath, refused);
    }

    /// <summary>Appends a block that still lies in the ring, in a new file if one is due.</summary>
    /// <returns>Bytes accepted, framing included; 0 if the block could not be written, and then no trace of it is left.</returns>
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

    /// <summary>Describes the block that was appended last in the index, once it is counted.</summary>
    public void AppendToIndex() => _index.Append(_part?.Index);

    /// <summary>Does what depends on time alone: ends the file if it is too old, and writes waiting index entries.</summary>
    public void KeepTime()
    {
        if (_part is { SyncError: not 0 })
        {
            // The next block goes to a new file; until one comes, an empty one is tested.
            EndFailed();
            _outage.Tried();
        }

        EndIfTooOld();
        _index.KeepTime(_part?.Index);
    }

    /// <summary>Takes back the last block that was appended, if it is in the file: it is counted otherwise.</summary>
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

    /// <summary>While there is no file: the next one is made as the options say now.</summary>
    /// <returns>Whether that is different from the last one.</returns>
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

    /// <summary>A sync failed: the folder may have been replaced.</summary>
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
            // The file is complete without this block, and a new file has room for it: nothing is lost.
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
            // The file first: nothing is counted while bytes that were not accepted are still in the file.
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
        // First, so that an exception from here on finds what to undo.
        _accepted = appended.Accepted;
        Telemetry.ArchiveWriteDuration.Record(Stopwatch.GetElapsedTime(start).TotalSeconds, _tag);
        return result;
    }
}
