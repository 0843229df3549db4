using SpeedData.Core.Channels;
using SpeedData.Core.Configuration;
using SpeedData.Tests.Support;

namespace SpeedData.Tests.Supervision;

/// <summary>Changes to properties of a file take effect with the next file.</summary>
public sealed class NextFileTests
{
    [Test]
    public async Task Codec_and_rotation_change_with_the_next_file_and_no_file_ends_early()
    {
        using var fleet = new Fleet();
        ChannelOptions options = fleet.Options("a") with { Archive = new ArchiveOptions { FlushEvery = TimeSpan.FromMilliseconds(5), RotateEvery = TimeSpan.FromSeconds(3), HostName = true } };
        Channel channel = fleet.Supervisor.Add(options);
        fleet.SendRecords(options, 0, 100);
        Fleet.Settled(channel, 100);
        ChannelOptions changed = options with { Archive = options.Archive with { Codec = ArchiveCodec.Deflate, RotateEvery = TimeSpan.FromHours(1), RotateBytes = 1 << 20, HostName = false } };

        IReadOnlyList<ChannelKey>? keys = await fleet.Supervisor.ChangeAsync(changed);
        fleet.SendRecords(options, 100, 100);
        Fleet.Settled(channel, 200);
        int parts = Files(fleet, "*.part").Length, before = Files(fleet, "*.avro").Length;
        Eventually.True(() => Files(fleet, "*.avro").Length == 1, "the first file ends at its own age limit");
        fleet.SendRecords(options, 200, 100);
        Fleet.Settled(channel, 300);
        fleet.Stop();

        string[] headers = [.. Files(fleet, "*.avro").Order(StringComparer.Ordinal).Select(file => System.Text.Encoding.Latin1.GetString(File.ReadAllBytes(file).AsSpan(0, 600)))];
        Assert.Multiple(() =>
        {
            Assert.That(keys!.Select(key => key.Effects), Has.All.EqualTo(KeyEffects.NextFile));
            Assert.That((parts, before), Is.EqualTo((1, 0)), "the file continues");
            Assert.That(headers, Has.Length.EqualTo(2));
            Assert.That(headers[0], Does.Not.Contain("deflate").And.Contain("speeddata.host"));
            Assert.That(headers[1], Does.Contain("deflate").And.Not.Contain("speeddata.host"));
            Assert.That(fleet.Archived("a"), Is.EqualTo(Enumerable.Range(0, 300)));
        });
    }

    private static string[] Files(Fleet fleet, string pattern) => Directory.Exists(Path.Combine(fleet.AvroPath, "a")) ? Directory.GetFiles(Path.Combine(fleet.AvroPath, "a"), pattern) : [];
}
