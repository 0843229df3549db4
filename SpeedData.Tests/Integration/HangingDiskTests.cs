using SpeedData.Tests.Support;

namespace SpeedData.Tests.Integration;

/// <summary>The real server on a disk that already hangs when the server starts.</summary>
[Platform("Linux")]
[Parallelizable(ParallelScope.All)]
public sealed class HangingDiskTests
{
    [TestCase("false")]
    [TestCase("true")]
    public void Http_relay_and_a_stop_work_while_the_disk_hangs(string requireMount)
    {
        using var server = new ServerProcess(storage: $""" "AvroPath": "disk/data", "RequireMount": {requireMount} """);
        string disk = Directory.CreateDirectory(Path.Combine(server.Folder, "disk")).FullName;
        HangingDisk.Run(disk, () =>
        {
            server.Start();
            server.Relay(500);
            server.UntilLogged("the file system has not answered");
            server.UntilHttpAnswers();
            Assert.That(server.Get("/health/live"), Does.Contain("live"));
            Assert.That(server.Get("/health/ready"), Does.Contain("has not answered"));
            Assert.That(server.Stop(), Is.EqualTo(75), "the drain ran out of time");
        });
    }

    [Test]
    public void A_schema_on_a_disk_that_hangs_delays_neither_http_nor_a_stop()
    {
        using var server = new ServerProcess(schema: "disk/test.avsc");
        string disk = Directory.CreateDirectory(Path.Combine(server.Folder, "disk")).FullName;
        HangingDisk.Run(disk, () =>
        {
            server.Start();
            server.UntilLogged("the file system does not answer; fault");
            server.UntilHttpAnswers();
            Assert.That(server.Get("/health/ready"), Does.Contain("does not answer"));
            Assert.That(server.Stop(), Is.Zero);
        });
    }
}
