using System.Diagnostics;
using System.Text.Json;

namespace SpeedData.Tests.Support;

/// <summary>A file reader from another project, run as a child process. It prints every record or row as one line of JSON.</summary>
internal abstract class ForeignReader
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly string _interpreter;
    private readonly string _codeFlag;
    private readonly string _script;
    private readonly string _absence;
    private readonly Lazy<bool> _isInstalled;

    /// <param name="interpreter">Program that runs the code.</param>
    /// <param name="codeFlag">The program's option for passing code.</param>
    /// <param name="probe">Code that fails if the reader is not installed.</param>
    /// <param name="script">Code that prints the file named by its first argument.</param>
    /// <param name="absence">Reason that is shown if the reader is not installed.</param>
    protected ForeignReader(string interpreter, string codeFlag, string probe, string script, string absence)
    {
        (_interpreter, _codeFlag, _script, _absence) = (interpreter, codeFlag, script, absence);
        _isInstalled = new Lazy<bool>(() => Runs(probe));
    }

    /// <summary>Ignores the test, with a reason, if the reader is not installed.</summary>
    public void Demand()
    {
        if (!_isInstalled.Value)
            Assert.Ignore(_absence);
    }

    /// <summary>Ignores the test, with a reason, if a module that the reader needs for a codec is not installed.</summary>
    public void DemandModule(string probe, string absence)
    {
        Demand();
        if (!Runs(probe))
            Assert.Ignore(absence);
    }

    /// <summary>Reads the file to its end; fails the test if the reader cannot.</summary>
    public List<JsonElement> Read(string path)
    {
        (int exitCode, string output, string error) = Run(_script, path);
        Assert.That(exitCode, Is.Zero, $"{_interpreter} on {path}: {error}");
        return [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line))];
    }

    private bool Runs(string code)
    {
        try
        {
            return Run(code).ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            // The interpreter is not installed.
            return false;
        }
    }

    private (int ExitCode, string Output, string Error) Run(string code, params string[] arguments)
    {
        var start = new ProcessStartInfo(_interpreter, [_codeFlag, code, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        if (!process.WaitForExit(Patience))
        {
            process.Kill();
            Assert.Fail($"{_interpreter} did not end within {Patience.TotalSeconds} s");
        }

        return (process.ExitCode, output.Result, error.Result);
    }
}
