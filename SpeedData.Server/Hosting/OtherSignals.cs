using System.Runtime.InteropServices;
using SpeedData.Core.Native;

namespace SpeedData.Server.Hosting;

/// <summary>
/// Handles the signals that the host does not handle. The end of the terminal stops the server; signals without a meaning here do not end
/// a recording. The host handles SIGINT, SIGQUIT and SIGTERM, and .NET handles SIGPIPE. A signal that was ignored when the process
/// started stays ignored.
/// </summary>
internal sealed class OtherSignals : IDisposable
{
    // asm-generic/signal.h, the same on x64 and arm64. .NET accepts numbers for signals that it has no name for.
    private const PosixSignal User1 = (PosixSignal)10, User2 = (PosixSignal)12;

    private readonly List<PosixSignalRegistration> _taken = [];

    /// <param name="hasControllingTerminal">Whether SIGHUP means that the terminal was closed.</param>
    /// <param name="hungUp">Called when the terminal was closed; any thread.</param>
    public OtherSignals(bool hasControllingTerminal, Action hungUp)
    {
        Take(PosixSignal.SIGHUP, hasControllingTerminal ? hungUp : () => (HungUp ?? (() => Ignored?.Invoke("SIGHUP")))());
        if (!OperatingSystem.IsLinux())
            return;
        Take(User1, () => Ignored?.Invoke("SIGUSR1"));
        Take(User2, () => Ignored?.Invoke("SIGUSR2"));
        // If SIGXFSZ is ignored, a write beyond the limit returns EFBIG, and the archive or the command reports it.
        IgnoredSignal.OfFileSize();
    }

    /// <summary>Called with the name of a signal that has no effect. Any thread.</summary>
    public Action<string>? Ignored { get; set; }

    /// <summary>Called for SIGHUP if the process has no controlling terminal. Any thread.</summary>
    public Action? HungUp { get; set; }

    public void Dispose() => _taken.ForEach(registration => registration.Dispose());

    private void Take(PosixSignal signal, Action reaction) => _taken.Add(PosixSignalRegistration.Create(signal, context =>
    {
        context.Cancel = true;
        reaction();
    }));
}
