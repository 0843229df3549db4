using SpeedData.Core.Configuration;
using SpeedData.Server.Hosting;

namespace SpeedData.Server;

/// <summary>What the application uses of its process: streams, terminal, stop. Tests replace it.</summary>
public sealed record ApplicationEnvironment
{
    public TextWriter Output { get; init; } = Console.Out;

    /// <summary>Opens standard output as a stream of bytes.</summary>
    public Func<Stream> Binary { get; init; } = Console.OpenStandardOutput;

    public TextWriter Error { get; init; } = Console.Error;

    /// <summary>Whether <see cref="Error"/> is a terminal, so that a progress line can be updated in place.</summary>
    public bool IsTerminal { get; init; } = !Console.IsErrorRedirected;

    /// <summary>Reads the next pressed key, if any. Null if there is no keyboard.</summary>
    public Func<ConsoleKey?>? Key { get; init; } = Console.IsInputRedirected ? null : () => Console.KeyAvailable ? Console.ReadKey(intercept: true).Key : null;

    /// <summary>Whether the process has a controlling terminal. Read at the start: SIGHUP arrives when it is already gone.</summary>
    public bool HasControllingTerminal { get; init; } = ControllingTerminal.IsThere();

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Ends the server as SIGTERM does.</summary>
    public CancellationToken Stop { get; init; }

    /// <summary>Prepares the process for the server. Not called for other commands.</summary>
    public Action BeforeServing { get; init; } = () => { };

    internal Func<SpeedDataOptions, TimeProvider, ILoggerFactory, IChannelHost> Channels { get; init; } = SupervisedChannels.Create;

    /// <summary>Called with the server's addresses when it listens.</summary>
    internal Action<IReadOnlyCollection<string>>? Listening { get; init; }

    /// <summary>Receives the log lines; null for the console.</summary>
    internal ILoggerProvider? Log { get; init; }
}
