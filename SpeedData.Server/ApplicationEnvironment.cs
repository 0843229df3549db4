using SpeedData.Core.Configuration;
using SpeedData.Server.Hosting;

namespace SpeedData.Server;

/// <summary>What the application takes from its process; tests bring their own.</summary>
public sealed record ApplicationEnvironment
{
    public TextWriter Output { get; init; } = Console.Out;

    /// <summary>Standard output for bytes, opened when it is asked for.</summary>
    public Func<Stream> Binary { get; init; } = Console.OpenStandardOutput;

    public TextWriter Error { get; init; } = Console.Error;

    /// <summary>Whether a person watches <see cref="Error"/>, so that a line may be renewed there.</summary>
    public bool IsTerminal { get; init; } = !Console.IsErrorRedirected;

    /// <summary>The next key that was pressed and not read yet; null where nobody can press one.</summary>
    public Func<ConsoleKey?>? Key { get; init; } = Console.IsInputRedirected ? null : () => Console.KeyAvailable ? Console.ReadKey(intercept: true).Key : null;

    /// <summary>Whether the process was started from a terminal whose end it is to notice. Asked now: when SIGHUP comes it is gone.</summary>
    public bool HasControllingTerminal { get; init; } = ControllingTerminal.IsThere();

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Ends the server as SIGTERM does.</summary>
    public CancellationToken Stop { get; init; }

    /// <summary>Prepares the process for a server; not for other commands.</summary>
    public Action BeforeServing { get; init; } = () => { };

    internal Func<SpeedDataOptions, TimeProvider, ILoggerFactory, IChannelHost> Channels { get; init; } = SupervisedChannels.Create;

    /// <summary>Called once the server listens, with the addresses it got.</summary>
    internal Action<IReadOnlyCollection<string>>? Listening { get; init; }

    /// <summary>Where log lines go; null: to the console.</summary>
    internal ILoggerProvider? Log { get; init; }
}
