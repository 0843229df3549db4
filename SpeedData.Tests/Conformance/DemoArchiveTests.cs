using System.Globalization;
using System.Text.Json;
using SpeedData.Server;
using SpeedData.Server.CommandLine;
using SpeedData.Tests.Server.Support;
using SpeedData.Tests.Support;

namespace SpeedData.Tests.Conformance;

/// <summary>The application as a user runs it: a foreign reader finds each record that <c>--demo</c> sent.</summary>
public sealed class DemoArchiveTests
{
    [Test]
    public async Task Apaches_Python_reader_finds_the_demo_signal()
    {
        AvroReader.Python.Demand();
        using var run = new DemoRun();
        AssertSignal(AvroReader.Python.Read(await run.ArchiveAsync(atLeastBytes: 5_000)));
    }

    [Test]
    public async Task Avsc_finds_the_demo_signal()
    {
        AvroReader.Avsc.Demand();
        using var run = new DemoRun();
        AssertSignal(AvroReader.Avsc.Read(await run.ArchiveAsync(atLeastBytes: 5_000)));
    }

    private static void AssertSignal(List<JsonElement> records)
    {
        int[] numbers = [.. Enumerable.Range(0, records.Count)];
        long[] times = [.. records.Select(r => long.Parse(r.GetProperty("time").ToString(), CultureInfo.InvariantCulture))];
        Assert.Multiple(() =>
        {
            Assert.That(numbers, Has.Length.GreaterThan(20));
            Assert.That(records.Select(r => r.GetProperty("counter").GetInt32()), Is.EqualTo(numbers));
            Assert.That(records.Select(r => r.GetProperty("message").GetString()), Is.EqualTo(numbers.Select(i => $"sample {i}")));
            Assert.That(records.Select(r => r.GetProperty("sine_wave").GetDouble()), Is.EqualTo(numbers.Select(i => Math.Sin(2 * Math.PI * i / 20))));
            Assert.That(records.Select(r => r.GetProperty("square_wave").GetDouble()), Is.EqualTo(numbers.Select(i => i % 20 < 10 ? 1.0 : -1.0)));
            Assert.That(records.Select(r => r.GetProperty("noise").GetDouble()), Is.All.InRange(-0.5, 0.5));
            Assert.That(times, Is.Ordered);
        });
    }

    /// <summary>The application with <c>--demo</c>, on free ports and in a folder of its own.</summary>
    private sealed class DemoRun : IDisposable
    {
        private readonly TempFolder _folder = new();
        private readonly RecordingLog _log = new();
        private readonly CancellationTokenSource _stop = new();

        /// <summary>Runs until the part file has this size, stops the application, and returns the path of the finished file.</summary>
        public async Task<string> ArchiveAsync(long atLeastBytes)
        {
            File.Copy(TestChannels.ExampleSchema, Path.Combine(_folder.Path, "example.avsc"));
            int port = Udp.FreePort();
            string config = _folder.Write("appsettings.json", $$"""
                { "Urls": "http://127.0.0.1:0", "SpeedData": { "Channels": [ { "Name": "example", "Port": {{port}}, "Schema": "example.avsc",
                  "Receive": { "Address": "127.0.0.1" }, "FullRate": { "Enabled": false }, "Decimated": { "Enabled": false } } ] } }
                """);
            var environment = new ApplicationEnvironment { Stop = _stop.Token, Log = _log, Output = TextWriter.Null, Error = Console.Error };
            Task<int> running = Application.RunAsync(["--config", config, "--demo"], environment);
            string data = Path.Combine(_folder.Path, "data");
            Eventually.True(() => running.IsCompleted || Directory.Exists(data) && PartFileIn(data) is { } part && part.Length >= atLeastBytes, "the demo is archived");
            await _stop.CancelAsync();
            Assert.That(await running, Is.EqualTo(ExitCode.Ok));
            return Directory.EnumerateFiles(Path.Combine(data, "example"), "*.avro").Single();
        }

        public void Dispose()
        {
            _stop.Dispose();
            _log.Dispose();
            _folder.Dispose();
        }

        private static FileInfo? PartFileIn(string data) => new DirectoryInfo(data).EnumerateFiles("*.part", SearchOption.AllDirectories).FirstOrDefault();
    }
}
