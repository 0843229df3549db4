using System.Text.Json;
using SpeedData.Tests.Archive;
using SpeedData.Tests.Reading;
using SpeedData.Tests.Support;

namespace SpeedData.Tests.Import;

/// <summary>The command migrate, as run from a shell.</summary>
public sealed class MigrateTests : CommandFixture
{
    [SetUp]
    public void Begin() => Folder.Write("engine.avsc", TestRecord.Schema);

    [Test]
    public async Task Channels_with_decimation_and_rotation_are_migrated_and_start()
    {
        string yaml = Folder.Write("old.yaml", """
            avro_path: recordings
            http:
              host: 0.0.0.0
              port: 8090
            channels:
              - name: engine
                port: 26001
                schema: engine.avsc
                config:
                  decimation: 10
                  rotation: 600
              - name: brake
                port: 26002
                schema: engine.avsc
                decimation: { factor: 3, algorithm: Average }
                colour: red
            """);
        string json = Path.Combine(Folder.Path, "speeddata.json");
        Assert.That(await Run.RunAsync("migrate", yaml, "--output", json), Is.Zero, Run.Error);
        JsonElement section = JsonElement.Parse(File.ReadAllText(json)).GetProperty("SpeedData"), engine = section.GetProperty("Channels")[0];
        Assert.Multiple(() =>
        {
            Assert.That(JsonElement.Parse(File.ReadAllText(json)).GetProperty("Urls").GetString(), Is.EqualTo("http://0.0.0.0:8090"));
            Assert.That(section.GetProperty("Storage").GetProperty("AvroPath").GetString(), Is.EqualTo(Path.Combine(Folder.Path, "recordings")));
            Assert.That((engine.GetProperty("Name").GetString(), engine.GetProperty("Port").GetInt32(), engine.GetProperty("Schema").GetString()), Is.EqualTo(("engine", 26001, Path.Combine(Folder.Path, "engine.avsc"))));
            Assert.That((engine.GetProperty("Decimated").GetProperty("Factor").GetInt32(), engine.GetProperty("Archive").GetProperty("RotateEvery").GetString()), Is.EqualTo((10, "600 s")));
            Assert.That(section.GetProperty("Channels")[1].GetProperty("Decimated").GetProperty("Algorithm").GetString(), Is.EqualTo("Average"));
            Assert.That(Run.Error, Is.EqualTo("channels[1].colour: not known, left out\n"));
        });
        Assert.That(await Run.RunAsync("check", json), Is.Zero, Run.Error);
    }

    [Test]
    public async Task Channels_may_be_a_map_by_name()
    {
        string yaml = Folder.Write("old.yaml", "channels:\n  engine: { port: 26001, schema: engine.avsc }\n");
        Assert.That(await Run.TextAsync("migrate", yaml), Does.Contain("\"Name\": \"engine\""));
    }

    [Test]
    public async Task Keys_that_a_start_would_refuse_are_reported_and_still_written()
    {
        string yaml = Folder.Write("old.yaml", "channels:\n  - { name: engine, port: 99999, schema: engine.avsc }\n");
        Assert.That(await Run.RunAsync("migrate", yaml), Is.EqualTo(78));
        Assert.That(Run.Error, Does.Contain("99999"));
        Assert.That(Run.Bytes.Length, Is.GreaterThan(0));
    }

    [Test]
    public async Task Invalid_yaml_is_reported_with_its_line()
    {
        string yaml = Folder.Write("old.yaml", "channels:\n  - { name: engine\n");
        Assert.That(await Run.RunAsync("migrate", yaml), Is.EqualTo(66));
        Assert.That(Run.Error, Does.Contain("line ").And.Not.Contain("   at "));
    }
}
