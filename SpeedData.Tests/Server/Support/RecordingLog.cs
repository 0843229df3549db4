using Microsoft.Extensions.Logging;

namespace SpeedData.Tests.Server.Support;

/// <summary>Keeps log lines of Information and above.</summary>
internal sealed class RecordingLog : ILoggerProvider
{
    private readonly List<string> _lines = [];
    private volatile bool _isBroken;
    private int _failures;

    /// <summary>Whether the log throws at every line.</summary>
    public bool IsBroken
    {
        get => _isBroken;
        set => _isBroken = value;
    }

    /// <summary>Number of lines that made the log throw.</summary>
    public int Failures => Volatile.Read(ref _failures);

    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_lines)
                return [.. _lines];
        }
    }

    public int Bytes => Lines.Sum(l => l.Length + 60);

    public ILogger CreateLogger(string categoryName) => new Recorder(this);

    public ILogger<T> For<T>() => new Recorder<T>(this);

    public void Dispose()
    {
    }

    private class Recorder(RecordingLog log) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!IsEnabled(logLevel))
                return;
            if (log.IsBroken)
            {
                Interlocked.Increment(ref log._failures);
                throw new InvalidOperationException("this log is broken");
            }
            lock (log._lines)
                log._lines.Add($"{logLevel}: {formatter(state, exception)}");
        }
    }

    private sealed class Recorder<T>(RecordingLog log) : Recorder(log), ILogger<T>;
}
