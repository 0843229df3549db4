using System.Diagnostics;
using System.Text.Json;

namespace SpeedData.Tests.Conformance;

/// <summary>An Avro reader that others wrote, run as a child process: prints every record of a file as one line of JSON.</summary>
internal sealed class AvroReader
{
    /// <summary>Apache's Python reader, Debian's package python3-avro; zstandard needs python3-zstandard besides.</summary>
    public static readonly AvroReader Python = new(
        "/usr/bin/python3",
        "-c",
        "import avro.datafile",
        """
        import json, sys, warnings
        warnings.simplefilter("ignore")
        from avro.datafile import DataFileReader
        from avro.io import DatumReader
        for record in DataFileReader(open(sys.argv[1], "rb"), DatumReader()):
            print(json.dumps(record, default=lambda value: value.decode("latin-1")))
        """,
        "Debian's python3-avro is not installed");

    /// <summary>npm's avsc. A long is printed as text, since a double may not hold it.</summary>
    public static readonly AvroReader Avsc = new(
        "node",
        "-e",
        "require('avsc')",
        """
        const avro = require('avsc');
        const long = avro.types.LongType.__with({
          fromBuffer: b => b.readBigInt64LE(), toBuffer: n => { const b = Buffer.alloc(8); b.writeBigInt64LE(BigInt(n)); return b; },
          fromJSON: BigInt, toJSON: Number, isValid: n => typeof n == 'bigint', compare: (a, b) => a < b ? -1 : a > b ? 1 : 0,
        });
        const isLong = schema => schema == 'long' || schema.type == 'long';
        const print = (_, value) => typeof value == 'bigint' ? String(value) : value;
        avro.createFileDecoder(process.argv[1], { parseHook: schema => avro.Type.forSchema(schema, { typeHook: s => isLong(s) ? long : undefined }) })
          .on('data', record => console.log(JSON.stringify(record, print)))
          .on('error', error => { console.error(error); process.exit(1); });
        """,
        "node or npm's avsc is not installed (NODE_PATH names the folder node_modules it lies in)");

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly string _interpreter;
    private readonly string _codeFlag;
    private readonly string _script;
    private readonly string _absence;
    private readonly Lazy<bool> _isInstalled;

    private AvroReader(string interpreter, string codeFlag, string probe, string script, string absence)
    {
        _interpreter = interpreter;
        _codeFlag = codeFlag;
        _script = script;
        _absence = absence;
        _isInstalled = new Lazy<bool>(() => Runs(probe));
    }

    /// <summary>Ignores the test, with a reason, where this reader cannot be had.</summary>
    public void Demand()
    {
        if (!_isInstalled.Value)
            Assert.Ignore(_absence);
    }

    /// <summary>The same for a module that the reader needs for one codec.</summary>
    public void DemandModule(string probe, string absence)
    {
        Demand();
        if (!Runs(probe))
            Assert.Ignore(absence);
    }

    /// <summary>Reads the file to its end; fails the test if the reader does not.</summary>
    public List<JsonElement> ReadAll(string path)
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
            // There is no such interpreter.
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
