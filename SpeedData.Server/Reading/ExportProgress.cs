namespace SpeedData.Server.Reading;

/// <summary>Shows rate and remaining time in one line on a terminal, updated a few times a second. One thread at a time.</summary>
internal sealed class ExportProgress(ApplicationEnvironment environment, long bytes) : IDisposable
{
    private const int Width = 79;

    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(200);

    private readonly long _begun = environment.Time.GetTimestamp();
    private long _told = environment.Time.GetTimestamp();
    private bool _isShown;

    public void At(long done, long rows)
    {
        if (!environment.IsTerminal || environment.Time.GetElapsedTime(_told) < Between)
            return;
        _told = environment.Time.GetTimestamp();
        double seconds = environment.Time.GetElapsedTime(_begun).TotalSeconds;
        double rate = done / Math.Max(0.001, seconds);
        var left = TimeSpan.FromSeconds(Math.Min(359_999, Math.Max(0, bytes - done) / Math.Max(1, rate)));
        string line = $"{100.0 * done / Math.Max(1, bytes):0} %, {rows:N0} rows, {rate / 1e6:0} MB/s, {(int)left.TotalHours}:{left:mm\\:ss} left";
        environment.Error.Write("\r" + line.PadRight(Width));
        _isShown = true;
    }

    public void Dispose()
    {
        if (_isShown)
            environment.Error.Write("\r" + new string(' ', Width) + "\r");
        _isShown = false;
    }
}
