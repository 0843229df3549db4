using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using SpeedData.Tests.Archive;
using SpeedData.Tests.Support;

namespace SpeedData.Tests.Integration;

/// <summary>The real server is killed with <c>kill -9</c> while it records. The tests read the files after its next start.</summary>
[Platform("Linux")]
public sealed class KilledServerTests
{
    private const string Channel = "alpha";

    [TestCase("null")]
    [TestCase("zstandard")]
    public void After_a_kill_only_the_end_of_each_run_is_missing_and_the_rest_becomes_an_archive(string codec)
    {
        using var bench = new KillBench(codec);
        var random = new Random(4);
        for (int run = 0; run < 4; run++)
            bench.RunAndKill(atLeast: random.Next(100, 3000));
        bench.RunAndKill(atLeast: 1);
        bench.Recover();

        List<long> archived = bench.Archived();
        Assert.Multiple(() =>
        {
            Assert.That(archived, Is.Ordered.And.Unique.And.Not.Empty);
            Assert.That(archived, Is.SubsetOf(bench.Runs.SelectMany(run => run)), "nothing is invented");
            foreach (List<long> run in bench.Runs)
                Assert.That(run.SkipWhile(archived.Contains), Has.None.Matches<long>(archived.Contains), "only the end of a run is missing");
        });
    }

    private sealed class KillBench : IDisposable
    {
        private readonly TempFolder _folder = new();
        private readonly Socket _receiver = Udp.Receiver(IPAddress.Loopback, 0);
        private readonly Socket _sender = Udp.Sender();
        private readonly int _port = Udp.FreePort();
        private readonly string _config;
        private long _sent;

        public KillBench(string codec)
        {
            _folder.Write("test.avsc", TestRecord.Schema);
            _config = _folder.Write("server.json", $$"""
                { "Urls": "http://127.0.0.1:0", "SpeedData": { "Channels": [ { "Name": "{{Channel}}", "Port": {{_port}}, "Schema": "test.avsc",
                    "Receive": { "Address": "127.0.0.1" }, "FullRate": { "Address": "127.0.0.1", "Port": {{_receiver.Port()}} }, "Decimated": { "Enabled": false },
                    "Archive": { "Codec": "{{codec}}", "BlockBytes": "4 KiB", "RotateBytes": "16 KiB", "FlushEvery": "20 ms" } } ] } }
                """);
        }

        /// <summary>Sequence numbers of the relayed records, one list per run.</summary>
        public List<List<long>> Runs { get; } = [];

        private string Folder => Path.Combine(_folder.Path, "data", Channel);

        /// <summary>Sends until at least this number of records is relayed, then kills the server.</summary>
        public void RunAndKill(int atLeast)
        {
            var relayed = new List<long>();
            UntilKilled(() => Eventually.True(() => SendSome(relayed) >= atLeast, "the server relays"));
            relayed.AddRange(_receiver.TakeQueued().Select(datagram => SequenceOf(datagram)));
            Runs.Add(relayed);
        }

        /// <summary>Runs the server without datagrams until no part file is left.</summary>
        public void Recover() =>
            UntilKilled(() => Eventually.True(() => !Directory.EnumerateFiles(Folder, "*.part").Any(), "part files become archives"));

        public List<long> Archived() =>
            [.. Directory.EnumerateFiles(Folder, "*.avro").Order(StringComparer.Ordinal).SelectMany(file => new ContainerFile(file).Records()).Select(record => record.Sequence)];

        public void Dispose()
        {
            _receiver.Dispose();
            _sender.Dispose();
            _folder.Dispose();
        }

        private int SendSome(List<long> relayed)
        {
            for (int i = 0; i < 20; i++)
                _sender.SendTo(new TestRecord(_sent++, "killed").Encode(), new IPEndPoint(IPAddress.Loopback, _port));
            relayed.AddRange(_receiver.TakeQueued().Select(datagram => SequenceOf(datagram)));
            return relayed.Count;
        }

        private void UntilKilled(Action wait)
        {
            using Process server = Process.Start(new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "SpeedData.Server"), ["--config", _config]) { RedirectStandardOutput = true })!;
            try
            {
                wait();
            }
            finally
            {
                // Sends SIGKILL.
                server.Kill();
                server.WaitForExit();
            }
        }

        private static long SequenceOf(byte[] datagram)
        {
            int at = 0;
            return TestRecord.Decode(datagram, ref at).Sequence;
        }
    }
}
