using System.Text;
using SpeedData.Core.Configuration;
using SpeedData.Core.Configuration.Registered;
using SpeedData.Core.Registration;
using SpeedData.Tests.Support;

namespace SpeedData.Tests.Registration;

/// <summary>If the process is killed at any moment, a channel is either in its old state or in its new state.</summary>
public sealed class ChannelsFolderTests
{
    private const string Old = """{ "Port": 1, "Schema": {"type":"record","name":"old","fields":[]} }""", New = """{ "Port": 2, "Schema": {"type":"record","name":"new","fields":[]} }""";

    [TestCase(null, New)]
    [TestCase(Old, New)]
    [TestCase(Old, null)]
    public void A_process_killed_at_any_file_operation_leaves_a_complete_channel_or_none(string? before, string? after)
    {
        int operations = 0;
        for (bool isKilled = true; isKilled; operations++)
        {
            using var folder = new TempFolder();
            SpeedDataOptions options = new() { AvroPath = folder.Path, Channels = [] };
            if (before is not null)
                new ChannelsFolder(options).Write(Channel(options, before));
            var files = new DyingFiles(operations);
            isKilled = IsKilled(() => Change(new ChannelsFolder(options, files), options, before, after));

            // The next process starts.
            var next = new ChannelsFolder(options);
            next.DeleteLeftovers();
            RegisteredFile? found = next.ReadAll().SingleOrDefault();
            string? text = found is null ? null : Encoding.UTF8.GetString(found.Text);
            if (found is not null)
                next.WriteSchema(Channel(options, text!));
            string[] left = Directory.Exists(next.Path) ? [.. Directory.GetFiles(next.Path).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal)] : [];
            Assert.Multiple(() =>
            {
                Assert.That(text, isKilled ? Is.EqualTo(before).Or.EqualTo(after) : Is.EqualTo(after), $"after {operations} operations");
                Assert.That(left, Is.EqualTo(text is null ? [] : new[] { "pump.avsc", "pump.json" }), $"after {operations} operations");
                if (text is not null)
                    Assert.That(File.ReadAllText(found!.InlineSchemaPath), Is.EqualTo(InlineOf(text)), "the schema belongs to the channel");
            });
        }

        Assert.That(operations, Is.GreaterThan(after is null ? 3 : 10), "operations were tried");
    }

    [Test]
    public void A_schema_keeps_its_bytes_and_a_hand_written_file_its_comments()
    {
        const string Schema = "{ \"type\" : \"record\",\n  \"name\":\"r\", \"fields\":[ ] }";
        var file = new RegisteredFile("pump", "/f/pump.json", Encoding.UTF8.GetBytes($$"""{ /* by hand */ "schema": {{Schema}}, "Port": 26001, }"""));
        RegisteredResult read = Read(file);

        Assert.Multiple(() =>
        {
            Assert.That(read.Faults, Is.Empty);
            Assert.That(read.Channels[0].InlineSchema, Is.EqualTo(Schema));
            Assert.That(read.Channels[0].Options.SchemaPath, Is.EqualTo("/f/pump.avsc"));
        });
    }

    [TestCase("""{ "Port": 26001 }""", "/f/pump.json:Schema")]
    [TestCase("""{ "Name": "other", "Port": 26001, "Schema": {} }""", "/f/pump.json:Name")]
    [TestCase("""{ "Port": 26001, "Port": 26002, "Schema": {} }""", "/f/pump.json:Port")]
    [TestCase("""[]""", "/f/pump.json, line 1")]
    [TestCase("", "/f/pump.json, line 1")]
    public void A_fault_in_a_file_names_the_file(string text, string key)
    {
        IReadOnlyList<ConfigurationFault> faults = Read(new RegisteredFile("pump", "/f/pump.json", Encoding.UTF8.GetBytes(text))).Faults;

        Assert.That(faults.Select(fault => (fault.Channel, fault.Key)), Has.One.EqualTo(("pump", key)));
    }

    private static RegisteredResult Read(RegisteredFile file) =>
        RegisteredChannels.Read(new ConfigurationSources(new Microsoft.Extensions.Configuration.ConfigurationBuilder().Build(), "/", [], []), [], [file], new ConfigurationProbes());

    private static void Change(ChannelsFolder folder, SpeedDataOptions options, string? before, string? after)
    {
        if (after is not null)
            folder.Write(Channel(options, after));
        else
            folder.Delete(Channel(options, before!).File, hasInlineSchema: true);
    }

    private static bool IsKilled(Action action)
    {
        try
        {
            action();
            return false;
        }
        catch (KilledException)
        {
            return true;
        }
    }

    private static RegisteredChannel Channel(SpeedDataOptions options, string text) => new(
        new RegisteredFile("pump", Path.Combine(options.ChannelsPath, "pump.json"), Encoding.UTF8.GetBytes(text)),
        new ChannelOptions { Name = "pump", Port = 1, SchemaPath = "" },
        InlineOf(text));

    private static string InlineOf(string text) => text[text.IndexOf("{\"type\"", StringComparison.Ordinal)..^2];
}
