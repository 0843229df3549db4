using SpeedData.Tests.Archive;
using SpeedData.Tests.Support;

namespace SpeedData.Tests.Integration;

/// <summary>The real server with a channel whose schema is still missing.</summary>
[Platform("Linux")]
public sealed class SchemaComesLaterTests
{
    private const string Schema = "later/late.avsc";

    [Test]
    public void A_channel_is_reported_as_down_and_records_as_soon_as_its_schema_exists()
    {
        using var server = new ServerProcess(schema: Schema);
        server.Start();
        server.UntilLogged($"Schema = {Path.Combine(server.Folder, Schema)}: there is no file");
        WriteSchema(server, TestRecord.Schema);
        server.UntilItRelays();
        server.Relay(50);
        Assert.Multiple(() =>
        {
            Assert.That(server.Stop(), Is.Zero);
            Assert.That(server.Archived(), Is.EqualTo(server.Relayed).And.Not.Empty);
        });
    }

    [Test]
    public void A_wrong_schema_that_arrives_later_is_named_and_its_correction_is_used()
    {
        using var server = new ServerProcess(schema: Schema);
        server.Start();
        server.UntilLogged("there is no file");
        WriteSchema(server, "{ \"type\": \"record\" ");
        server.UntilLogged("late.avsc: not JSON");
        WriteSchema(server, TestRecord.Schema);
        server.UntilItRelays();
        Assert.That(server.Stop(), Is.Zero);
    }

    [Test]
    public void A_schema_on_a_disk_that_does_not_answer_delays_neither_http_nor_a_stop()
    {
        using var server = new ServerProcess(schema: Schema);
        Directory.CreateDirectory(Path.Combine(server.Folder, "later"));
        // Opening a pipe without a writer blocks, like a disk that does not answer.
        Wire.Run("mkfifo", Path.Combine(server.Folder, Schema));
        server.Start();
        server.UntilLogged("the file system does not answer");
        server.UntilLogged("Channels: 1");
        Assert.That(server.Stop(), Is.Zero);
    }

    private static void WriteSchema(ServerProcess server, string text)
    {
        string path = Path.Combine(server.Folder, Schema);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path + ".new", text);
        File.Move(path + ".new", path, overwrite: true);
    }
}
