using SpeedData.Server;

namespace SpeedData.Tests.Reading;

/// <summary>Runs a reading command as from a shell, but in this process.</summary>
internal sealed class CommandRun : IDisposable
{
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    /// <summary>Returns the pressed key, if any; null if there is no terminal.</summary>
    public Func<ConsoleKey?>? Key { get; set; }

    public MemoryStream Bytes { get; } = new();

    public string Output => _output.ToString();

    public string Error => _error.ToString();

    public Task<int> RunAsync(params string[] args) =>
        Application.RunAsync(args, new ApplicationEnvironment { Output = _output, Error = _error, Binary = () => Bytes, IsTerminal = false, Key = Key });

    /// <summary>Runs the command and returns its output. Fails the test if the exit code is not 0.</summary>
    public async Task<string> TextAsync(params string[] args)
    {
        Bytes.SetLength(0);
        Assert.That(await RunAsync(args), Is.Zero, Error);
        return System.Text.Encoding.UTF8.GetString(Bytes.ToArray());
    }

    public void Dispose()
    {
        _output.Dispose();
        _error.Dispose();
        Bytes.Dispose();
    }
}
