using Microsoft.Extensions.Logging;

namespace SpeedData.Tests.Server.Support;

/// <summary>Keeps log lines of Information and above.</summary>
internal sealed class RecordingLog : ILoggerProvider
{
    private readonly List<string> _lines = [];

    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_lines)
                return [.. _lines];
        }
    }

    public int Bytes => Lines.Sum(l => l.Length + 60);

    public ILogger CreateLogger(string categoryName) => new Recorder(_lines);

    public ILogger<T> For<T>() => new Recorder<T>(_lines);

    public void Dispose()
    {
    }

    private class Recorder(List<string> lines) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!IsEnabled(logLevel))
                return;
            lock (lines)
                lines.Add($"{logLevel}: {formatter(state, exception)}");
        }
    }

    private sealed class Recorder<T>(List<string> lines) : Recorder(lines), ILogger<T>;
}
