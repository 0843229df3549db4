using SpeedData.Core.Replay;
using SpeedData.Server.Inspect;

namespace SpeedData.Server.Replaying;

/// <summary>Handles keys (space pauses, left and right seek) and shows the replay's position in one line. The sender's thread.</summary>
/// <param name="environment">The terminal.</param>
/// <param name="isPaused">Whether the replay starts paused.</param>
internal sealed class TerminalKeys(ApplicationEnvironment environment, bool isPaused) : IReplayKeys
{
    private const double SeekSeconds = 10;
    private const int Width = 79;

    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(20), ShowEvery = TimeSpan.FromMilliseconds(200);

    private long _looked = environment.Time.GetTimestamp();
    private long _shown;
    private double _seek;

    public bool IsPaused { get; private set; } = isPaused;

    public double TakeSeek()
    {
        double seek = _seek;
        _seek = 0;
        return seek;
    }

    public void At(long timeNs, long records)
    {
        if (environment.Time.GetElapsedTime(_looked) < LookEvery)
            return;
        _looked = environment.Time.GetTimestamp();
        while (environment.Key!() is { } key)
            Press(key);
        if (!environment.IsTerminal || (_shown != 0 && environment.Time.GetElapsedTime(_shown) < ShowEvery))
            return;
        _shown = environment.Time.GetTimestamp();
        environment.Error.Write("\r" + $"{TimeText.Of(timeNs)}  {records:N0} records{(IsPaused ? "  paused" : "")}".PadRight(Width));
    }

    /// <summary>Removes the line.</summary>
    public void End()
    {
        if (_shown != 0)
            environment.Error.Write("\r" + new string(' ', Width) + "\r");
    }

    private void Press(ConsoleKey key)
    {
        switch (key)
        {
            case ConsoleKey.Spacebar:
                IsPaused = !IsPaused;
                break;
            case ConsoleKey.LeftArrow:
                _seek -= SeekSeconds;
                break;
            case ConsoleKey.RightArrow:
                _seek += SeekSeconds;
                break;
        }

        _shown = 0;
    }
}
