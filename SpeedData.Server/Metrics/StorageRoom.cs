using System.Diagnostics;
using SpeedData.Core.Threading;

namespace SpeedData.Server.Metrics;

/// <summary>
/// How much room there is where archives are kept. A thread of its own asks every few seconds, so that no request waits for a
/// file system that does not answer; then there is no figure.
/// </summary>
internal sealed class StorageRoom : IDisposable
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(5), OutdatedAfter = TimeSpan.FromSeconds(20), LongestStop = TimeSpan.FromMilliseconds(100);

    private readonly string _path;
    private readonly PeriodicThread _looks;
    private volatile Figure? _figure;

    /// <param name="path">A folder, which need not be there yet: its file system is that of the nearest folder above it.</param>
    public StorageRoom(string path)
    {
        _path = path;
        _looks = new PeriodicThread("storage", BetweenLooks, Look);
        _looks.Start();
        _looks.Hasten();
    }

    /// <summary>Any thread: bytes free for this user; null while that is not known.</summary>
    public long? FreeBytes => _figure is { } figure && Stopwatch.GetElapsedTime(figure.At) < OutdatedAfter ? figure.FreeBytes : null;

    public void Dispose() => _looks.TryEnd(LongestStop);

    private void Look()
    {
        try
        {
            string? there = _path;
            while (there is not null && !Directory.Exists(there))
                there = Path.GetDirectoryName(there);
            _figure = there is null ? null : new Figure(new DriveInfo(there).AvailableFreeSpace, Stopwatch.GetTimestamp());
        }
        catch (Exception)
        {
            // Whatever the file system said, there is no figure; the thread goes on.
            _figure = null;
        }
    }

    private sealed record Figure(long FreeBytes, long At);
}
