using System.Diagnostics;
using SpeedData.Core.Archive;
using SpeedData.Core.Host;
using SpeedData.Core.Threading;

namespace SpeedData.Server.Metrics;

/// <summary>
/// Measures the free space of the archives' file system, and logs when another disk is mounted there. It measures every few seconds
/// on its own thread, so that no request waits for a file system that does not answer. There is no figure in that case.
/// </summary>
internal sealed class StorageSpace : IDisposable
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(2), OutdatedAfter = TimeSpan.FromSeconds(20), LongestStop = TimeSpan.FromMilliseconds(100);

    private readonly string _path;
    private readonly ILogger _log;
    private readonly PeriodicThread _looks;
    private volatile Figure? _figure;
    private MountPoint? _mount;

    /// <param name="path">The folder of archives. If it does not exist yet, the nearest existing folder above it is used.</param>
    /// <param name="log">Receives a line with the disk.</param>
    public StorageSpace(string path, ILogger log)
    {
        _path = path;
        _log = log;
        _looks = new PeriodicThread("storage", BetweenLooks, Look, log);
        _looks.Start();
        _looks.Hasten();
    }

    /// <summary>Bytes free for this user and bytes of the whole disk; null while not known. Any thread.</summary>
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
            // After any error there is no figure, and the thread continues.
            _figure = null;
        }
    }

    private void Report(MountPoint? mount, DriveInfo drive)
    {
        if (mount is null || mount == _mount)
            return;
        if (_mount is null)
            _log.LogInformation("{AvroPath} is on {Mount}: {Free:N0} of {Total:N0} bytes free", _path, mount, drive.AvailableFreeSpace, drive.TotalSize);
        else
            _log.LogWarning("{AvroPath} is now on another disk, {Mount}: {Free:N0} of {Total:N0} bytes free. Earlier recordings are on {Before}; if the new disk was mounted over them, they are hidden until it is unmounted", _path, mount, drive.AvailableFreeSpace, drive.TotalSize, _mount);
        _mount = mount;
    }

    private sealed record Figure(long FreeBytes, long TotalBytes, long At);
}
