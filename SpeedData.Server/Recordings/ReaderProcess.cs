using System.Diagnostics;
using System.Globalization;
using SpeedData.Core.Threading;

namespace SpeedData.Server.Recordings;

/// <summary>
/// Runs a reading command in a separate process with nice 19 and a limited heap. In the server's process its garbage collections would cost
/// datagrams. Disposing ends the process.
/// </summary>
internal sealed class ReaderProcess : IDisposable
{
    private const long HeapBytes = 256 << 20;

    private readonly Process _process;
    private readonly Task<string> _errors;
    private readonly TaskCompletionSource<string?> _firstLine = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ReaderProcess(Process process)
    {
        _process = process;
        _errors = ReadErrorsAsync();
    }

    public int Id => _process.Id;

    public Stream Output => _process.StandardOutput.BaseStream;

    /// <summary>The first line of the output; null if the process ends without one.</summary>
    public Task<string?> FirstLine => _firstLine.Task;

    public static async Task<ReaderProcess> StartAsync(IEnumerable<string> arguments)
    {
        (string file, string[] first) = Self();
        var start = new ProcessStartInfo(file, [.. first, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        start.Environment["DOTNET_GCHeapHardLimit"] = HeapBytes.ToString("X", CultureInfo.InvariantCulture);
        start.Environment["DOTNET_gcServer"] = "0";
        // Its sockets for debuggers would stay in the folder for temporary files when it is killed.
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        return new ReaderProcess(await NiceThread.RunAsync(() => Process.Start(start)!));
    }

    /// <summary>Waits until the process ends.</summary>
    /// <returns>The exit code and the error output.</returns>
    public async Task<(int ExitCode, string Errors)> EndAsync(CancellationToken stop)
    {
        await _process.WaitForExitAsync(stop);
        return (_process.ExitCode, await _errors);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            // The caller may delete the process's output next.
            _process.WaitForExit(TimeSpan.FromSeconds(1));
        }

        _process.Dispose();
    }

    private static (string File, string[] First) Self()
    {
        string own = Path.Combine(AppContext.BaseDirectory, "SpeedData.Server");
        bool isHosted = Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" && !File.Exists(own);
        return isHosted ? (Environment.ProcessPath!, [own + ".dll"]) : (own, []);
    }

    private async Task<string> ReadErrorsAsync()
    {
        const int MostLines = 50;
        var lines = new List<string>();
        while (await _process.StandardError.ReadLineAsync() is { } line)
        {
            _firstLine.TrySetResult(line);
            if (lines.Count < MostLines)
                lines.Add(line);
        }

        _firstLine.TrySetResult(null);
        return string.Join('\n', lines);
    }
}
