using SpeedData.Core.Archive;
using SpeedData.Core.Configuration;
using SpeedData.Core.Diagnostics;
using SpeedData.Core.Native;
using SpeedData.Core.Ring;
using SpeedData.Core.Schema;
using SpeedData.Core.Sources;
using SpeedData.Core.Threading;

namespace SpeedData.Core.Rejects;

/// <summary>
/// Writes archives as if the datagrams had been accepted on receipt: passes them through a ring to the server's writer, with their receive
/// times and senders. One thread.
/// </summary>
internal sealed class RescueTarget : IDisposable
{
    private static readonly TimeSpan ForRoom = TimeSpan.FromMilliseconds(1);

    private readonly ArchiveOptions _options = new();
    private readonly BurstRing _ring;
    private readonly ChannelCounters _counters = new();
    private readonly SeqLock<WriterTally> _tally;
    private readonly ArchiveFolder _folder;
    private readonly ArchiveWriter _writer;
    private readonly OwnedThread _thread;
    private readonly byte[] _burst = new byte[BurstRing.MaxBurst];
    private readonly string _path;
    private readonly HashSet<string> _before;
    private Exception? _failure;
    private (long TimeNs, SourceAddress Source, int Size) _of;
    private long _lost;
    private int _length;
    private int _count;
    private long _added;

    /// <exception cref="RescueException">Another process writes to the channel's folder.</exception>
    public RescueTarget(string channel, RecordSchema schema, string root)
    {
        _path = Path.Combine(root, channel);
        IArchiveFiles files = PortableArchiveFiles.ForThisPlatform;
        _folder = Taken(new ArchiveFolder(_path, channel, files, TimeProvider.System));
        _before = Files();
        _ring = new BurstRing(new RingOptions().Bytes, _options.BlockBytes);
        _tally = _counters.BeginWriter();
        _writer = new ArchiveWriter(channel, schema, _folder, _options, new TimeOptions(), new RestartOptions(), _ring, _tally, _counters, TimeProvider.System, files);
        _thread = OwnedThread.Start("rescue", Run);
    }

    /// <summary>The finished archives.</summary>
    public IReadOnlyList<string> Written => [.. Files().Except(_before).Where(file => file.EndsWith(FileSuffix.Archive, StringComparison.Ordinal) && !FileSuffix.IsRejected(file)).Order(StringComparer.Ordinal)];

    /// <summary>Appends a datagram.</summary>
    /// <param name="datagram">A datagram that is exactly one record.</param>
    /// <param name="timeNs">Time of receipt.</param>
    /// <param name="source">The sender.</param>
    /// <param name="lostBefore">Number of datagrams known to be missing before this one.</param>
    /// <param name="stop">Cancels the rescue.</param>
    public void Add(ReadOnlySpan<byte> datagram, long timeNs, SourceAddress source, long lostBefore, CancellationToken stop)
    {
        // Datagrams of one burst have the same time and the same size; only the last may be shorter.
        bool belongs = _count > 0 && lostBefore == 0 && _of.TimeNs == timeNs && _of.Source == source && datagram.Length <= _of.Size
            && _length == _count * _of.Size && _length + datagram.Length <= _burst.Length;
        if (!belongs)
        {
            Pass(stop);
            (_of, _lost) = ((timeNs, source, datagram.Length), lostBefore);
        }

        datagram.CopyTo(_burst.AsSpan(_length));
        _length += datagram.Length;
        _count++;
    }

    /// <summary>Writes everything that was added and ends the writer.</summary>
    /// <returns>Why some datagrams were not written; null if all were written.</returns>
    public string? End(CancellationToken stop)
    {
        Pass(stop);
        _ring.Complete();
        _thread.Join(Timeout.InfiniteTimeSpan);
        WriterTally tally = _tally.Read();
        return _failure?.Message ?? (tally.Archived == _added ? null : _writer.State.LastFault?.Message ?? $"{_added - tally.Archived:N0} datagrams were not written");
    }

    /// <summary>Stops the writer and deletes the written files.</summary>
    public void Discard()
    {
        _writer.Abandon();
        _thread.Join(Timeout.InfiniteTimeSpan);
        foreach (string file in Files().Except(_before))
            File.Delete(file);
    }

    public void Dispose()
    {
        _writer.Dispose();
        _folder.Dispose();
        _ring.Dispose();
    }

    private static ArchiveFolder Taken(ArchiveFolder folder)
    {
        if (folder.Prepare() != Errno.Again)
            return folder;
        string holder = folder.Holder;
        folder.Dispose();
        throw new RescueException($"--output: {folder.Path} is being written by {holder}; rescue to another folder, and move the archives here while that process is stopped") { IsOfOutput = true };
    }

    private void Pass(CancellationToken stop)
    {
        if (_count == 0)
            return;
        while (_failure is null && !_ring.TryWrite(_burst.AsSpan(0, _length), _of.Size, _count, _of.TimeNs, _of.Source, (uint)Math.Min(_lost, uint.MaxValue)))
        {
            _ring.Publish();
            stop.ThrowIfCancellationRequested();
            // The ring wakes its reader but not its writer, because receive threads never wait for room.
            Thread.Sleep(ForRoom);
        }

        _ring.Publish();
        _added += _count;
        (_length, _count) = (0, 0);
    }

    private void Run()
    {
        try
        {
            _writer.Run();
        }
        catch (Exception e)
        {
            _failure = e;
        }
    }

    private HashSet<string> Files() => Directory.Exists(_path) ? [.. Directory.EnumerateFiles(_path)] : [];
}
