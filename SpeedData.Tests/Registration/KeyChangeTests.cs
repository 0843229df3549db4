using SpeedData.Core.Configuration;
using SpeedData.Core.Diagnostics;
using SpeedData.Core.Schema;
using SpeedData.Server.Registration;
using SpeedData.Tests.Server.Support;
using SpeedData.Tests.Support;

namespace SpeedData.Tests.Registration;

/// <summary>A schema file with new content is a change, at any position in the list of schemas.</summary>
public sealed class KeyChangeTests
{
    private const string One = """{"type":"record","name":"one","fields":[{"name":"a","type":"long"}]}""", Two = """{"type":"record","name":"two","fields":[{"name":"a","type":"int"}]}""";

    [TestCase(One, Two, new string[0])]
    [TestCase(Two, Two, new[] { "Schema" })]
    [TestCase(One, One, new[] { "Schema" })]
    public void The_content_of_each_schema_is_compared(string first, string second, string[] changed)
    {
        using var folder = new TempFolder();
        ChannelOptions options = Write(folder, first, second);
        var running = new TestChannel(options, new RecordSchemas([RecordSchema.Parse(One), RecordSchema.Parse(Two)]), new ChannelCounters(), new RejectLog(), DateTimeOffset.UnixEpoch);

        IReadOnlyList<KeyChange> changes = KeyChange.Of(running, options, ChangePlan.SchemaTextsOf(options, null));

        Assert.That(changes.Select(change => change.Key), Is.EqualTo(changed));
    }

    private static ChannelOptions Write(TempFolder folder, string first, string second)
    {
        (string a, string b) = (Path.Combine(folder.Path, "a.avsc"), Path.Combine(folder.Path, "b.avsc"));
        File.WriteAllText(a, first);
        File.WriteAllText(b, second);
        return new ChannelOptions { Name = "x", Port = 26000, SchemaPath = a, OtherSchemas = [b] };
    }
}
