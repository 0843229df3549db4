using System.Runtime.InteropServices;
using SpeedData.Core.Native;

namespace SpeedData.Server.Hosting;

/// <summary>
/// Handles the signals that the host does not: the end of the terminal is a stop, and signals without a meaning here do not end
/// a recording. SIGINT, SIGQUIT and SIGTERM are the host's, SIGPIPE is .NET's. A signal that was ignored when the process
/// started stays ignored.
/// </summary>
internal sealed class OtherSignals : IDisposable
{
    // asm-generic/signal.h, the same on x64 and arm64. .NET takes numbers where it has no name.
    private const PosixSignal User1 = (PosixSignal)10, User2 = (PosixSignal)12;

    private readonly List<PosixSignalRegistration> _taken = [];

    /// <param name="hasControllingTerminal">Whether SIGHUP means that the terminal is gone.</param>
    /// <param name="hungUp">Called when the terminal is gone; any thread.</param>
    public OtherSignals(bool hasControllingTerminal, Action hungUp)
    {
        Take(PosixSignal.SIGHUP, hasControllingTerminal ? hungUp : () => (HungUp ?? (() => Ignored?.Invoke("SIGHUP")))());
        if (!OperatingSystem.IsLinux())
            return;
        Take(User1, () => Ignored?.Invoke("SIGUSR1"));
        Take(User2, () => Ignored?.Invoke("SIGUSR2"));
        // The write that met the limit then returns EFBIG, which the archive or the command reports.
        IgnoredSignal.OfFileSize();
    }

    /// <summary>Called with the name of a signal that does nothing. Any thread.</summary>
    public Action<string>? Ignored { get; set; }

    /// <summary>Called for SIGHUP where that does not mean the end of a terminal. Any thread.</summary>
    public Action? HungUp { get; set; }

    public void Dispose() => _taken.ForEach(registration => registration.Dispose());

    private void Take(PosixSignal signal, Action reaction) => _taken.Add(PosixSignalRegistration.Create(signal, context =>
    {
        context.Cancel = true;
        reaction();
    }));
}
