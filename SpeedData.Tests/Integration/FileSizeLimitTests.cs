using SpeedData.Tests.Support;

namespace SpeedData.Tests.Integration;

/// <summary>The real server under a file size limit, which can be set for a running process.</summary>
[Platform("Linux")]
public sealed class FileSizeLimitTests
{
    [TestCase("null", 30_000)]
    [TestCase("zstandard", 4_000)]
    public void Recording_continues_in_the_next_file_and_the_log_names_the_limit(string codec, int limit)
    {
        using var server = new ServerProcess(archive: $""" "BlockBytes": "4 KiB", "FlushEvery": "20 ms", "Codec": "{codec}" """);
        server.Start();
        server.UntilItRelays();
        Wire.Run("prlimit", $"--pid {server.Process.Id} --fsize={limit}:");
        for (int i = 0; i < 40; i++)
            server.Relay(200);
        server.UntilLogged($"may write no file beyond {limit:N0} bytes");

        Assert.Multiple(() =>
        {
            Assert.That(server.Stop(), Is.Zero);
            Assert.That(server.Files("*.avro"), Has.Count.GreaterThan(1));
            Assert.That(server.Archived(), Is.EqualTo(server.Relayed).And.Not.Empty, "nothing is missing");
        });
    }
}
