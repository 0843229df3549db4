using System.Diagnostics;
using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using SpeedData.Core.Channels;
using SpeedData.Core.Configuration;
using SpeedData.Core.Configuration.Reading;
using SpeedData.Core.Configuration.Validation;
using SpeedData.Server.Hosting;
using SpeedData.Tests.Server.Support;
using SpeedData.Tests.Support;

namespace SpeedData.Tests.Server.Hosting;

/// <summary>Many schemas are on a disk that does not answer. The other channels wait for it at most once.</summary>
[Platform("Linux")]
public sealed class HangingSchemasTests
{
    private const int Hanging = 20;

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(3);

    [Test]
    public void Channels_start_within_seconds_even_if_their_schema_arrives_later() => OnAHangingDisk((disk, good) =>
    {
        string later = Path.Combine(Path.GetDirectoryName(good)!, "later.avsc");
        ChannelOptions[] channels = [.. Enumerable.Range(0, Hanging).Select(i => Channel($"h{i}", Path.Combine(disk, $"{i}.avsc"))), Channel("good", good), Channel("later", later)];
        using var host = (SupervisedChannels)SupervisedChannels.Create(new SpeedDataOptions { AvroPath = Path.Combine(Path.GetDirectoryName(good)!, "data"), Channels = [.. channels] }, TimeProvider.System, NullLoggerFactory.Instance);
        var clock = Stopwatch.StartNew();
        host.Start();
        Eventually.True(() => IsActive("good"), "the channel with a schema is active", Soon.TotalSeconds);
        Assert.That(clock.Elapsed, Is.LessThan(Soon), "the start");
        File.Copy(good, later);
        Eventually.True(() => IsActive("later"), "the channel whose schema came is active", Soon.TotalSeconds);
        host.StopAsync(TimeSpan.FromSeconds(1)).Wait();

        bool IsActive(string name) => host.Channels.Single(channel => channel.Name == name).State.Status == ChannelStatus.Active;
    });

    [Test]
    public void The_configuration_check_waits_once_for_all_schemas() => OnAHangingDisk((disk, good) =>
    {
        ChannelDraft[] drafts = [.. Enumerable.Range(0, 200).Select(i => Draft(i, Path.Combine(disk, $"{i}.avsc"))), Draft(200, good)];
        var findings = new Findings();
        int judged = 0;
        var clock = Stopwatch.StartNew();
        SchemaFiles.Check(drafts, findings, (_, _) =>
        {
            judged++;
            return new SchemaVerdict(["wrong"], []);
        });
        Assert.Multiple(() =>
        {
            // One after the other, the schemas would take 200 times as long as one schema.
            Assert.That(clock.Elapsed, Is.LessThan(TimeSpan.FromSeconds(60)));
            Assert.That(judged, Is.EqualTo(1), "schemas on other disks are checked");
            Assert.That(findings.Faults.Select(fault => fault.Channel), Is.EqualTo(new[] { "c200" }));
        });
    });

    private static void OnAHangingDisk(Action<string, string> action)
    {
        using var folder = new TempFolder();
        string disk = Directory.CreateDirectory(Path.Combine(folder.Path, "disk")).FullName;
        string good = Path.Combine(folder.Path, "good.avsc");
        File.Copy(TestChannels.ExampleSchema, good);
        HangingDisk.Run(disk, () => action(disk, good));
    }

    private static ChannelOptions Channel(string name, string schema) => new()
    {
        Name = name,
        Port = Udp.FreePort(),
        SchemaPath = schema,
        Receive = new ReceiveOptions { Address = IPAddress.Loopback },
        FullRate = new StreamOptions { Enabled = false, Address = IPAddress.Loopback, Port = 9 },
        Decimated = new DecimatedOptions { Enabled = false, Address = IPAddress.Loopback, Port = 9 },
    };

    private static ChannelDraft Draft(int index, string schema) =>
        new(Channel($"c{index}", schema), $"SpeedData:Channels:{index}", index, new Scope(index, $"c{index}"));
}
