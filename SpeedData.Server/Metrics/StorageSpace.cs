using System.Diagnostics;
using SpeedData.Core.Archive;
using SpeedData.Core.Host;
using SpeedData.Core.Threading;

namespace SpeedData.Server.Metrics;

/// <summary>
/// How much room there is where archives are kept, and on which disk; the log says when that changes. It asks every few seconds
/// on a thread of its own, so that no request waits for a file system that does not answer; in that case there is no figure.
/// </summary>
internal sealed class StorageSpace : IDisposable
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(2), OutdatedAfter = TimeSpan.FromSeconds(20), LongestStop = TimeSpan.FromMilliseconds(100);

    private readonly string _path;
    private readonly ILogger _log;
    private readonly PeriodicThread _looks;
    private volatile Figure? _figure;
    private MountPoint? _mount;

    /// <param name="path">A folder, which need not be there yet: its file system is that of the nearest folder above it.</param>
    /// <param name="log">Where the disk is named.</param>
    public StorageSpace(string path, ILogger log)
    {
        _path = path;
        _log = log;
        _looks = new PeriodicThread("storage", BetweenLooks, Look, log);
        _looks.Start();
        _looks.Hasten();
    }

    /// <summary>Any thread: bytes free for this user, and of the whole disk; null while that is not known.</summary>
    public (long FreeBytes, long TotalBytes)? Room => _figure is { } figure && Stopwatch.GetElapsedTime(figure.At) < OutdatedAfter ? (figure.FreeBytes, figure.TotalBytes) : null;

    public void Dispose() => _looks.TryEnd(LongestStop);

    private void Look()
    {
        try
        {
            if (HostFiles.NearestFolder(_path) is not { } there)
                return;
            var drive = new DriveInfo(there);
            _figure = new Figure(drive.AvailableFreeSpace, drive.TotalSize, Stopwatch.GetTimestamp());
            Report(MountPoint.Of(there), drive);
        }
        catch (Exception)
        {
            // Whatever the file system said, there is no figure; the thread goes on.
            _figure = null;
        }
    }

    private void Report(MountPoint? mount, DriveInfo drive)
    {
        if (mount is null || mount == _mount)
            return;
        if (_mount is null)
            _log.LogInformation("{AvroPath} lies on {Mount}: {Free:N0} of {Total:N0} bytes free", _path, mount, drive.AvailableFreeSpace, drive.TotalSize);
        else
            _log.LogWarning("{AvroPath} is now on another disk, {Mount}: {Free:N0} of {Total:N0} bytes free. Earlier recordings are on {Before}; if the new disk was mounted over them, they are hidden until it is unmounted", _path, mount, drive.AvailableFreeSpace, drive.TotalSize, _mount);
        _mount = mount;
    }

    private sealed record Figure(long FreeBytes, long TotalBytes, long At);
}
