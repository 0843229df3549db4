using SpeedData.Server;

namespace SpeedData.Tests.Reading;

/// <summary>A reading command as it is run from a shell, in this process.</summary>
internal sealed class CommandRun : IDisposable
{
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    /// <summary>Null where nobody sits at a terminal.</summary>
    public Func<ConsoleKey?>? Key { get; set; }

    public MemoryStream Bytes { get; } = new();

    public string Output => _output.ToString();

    public string Error => _error.ToString();

    public Task<int> RunAsync(params string[] args) =>
        Application.RunAsync(args, new ApplicationEnvironment { Output = _output, Error = _error, Binary = () => Bytes, IsTerminal = false, Key = Key });

    /// <summary>Fails the test if it does not end with 0.</summary>
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
