using SpeedData.Core.Inspect;

namespace SpeedData.Server.Inspect;

/// <summary>Shows progress in one line, updated a few times a second. Writes nothing if standard error is not a terminal.</summary>
internal sealed class TerminalProgress(ApplicationEnvironment environment, int files) : IInspectProgress, IDisposable
{
    private const int Width = 79;

    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(200);

    private long _told = environment.Time.GetTimestamp();
    private string? _path;
    private int _file;
    private bool _isShown;

    public void At(string path, long at, long length)
    {
        if (!environment.IsTerminal)
            return;
        if (!ReferenceEquals(path, _path))
            (_path, _file) = (path, _file + 1);
        if (environment.Time.GetElapsedTime(_told) < Between)
            return;
        _told = environment.Time.GetTimestamp();
        string line = $"{_file:N0} of {files:N0}: {100 * (double)at / Math.Max(1, length):0} % of {Path.GetFileName(path)}";
        environment.Error.Write("\r" + PlainText.Of(line.Length <= Width ? line : line[..Width]).PadRight(Width));
        _isShown = true;
    }

    /// <summary>Removes the line, so that other text can be written.</summary>
    public void Clear()
    {
        if (_isShown)
            environment.Error.Write("\r" + new string(' ', Width) + "\r");
        _isShown = false;
    }

    public void Dispose() => Clear();
}
