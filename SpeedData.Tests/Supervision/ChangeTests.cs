using System.Net;
using System.Net.Sockets;
using SpeedData.Core.Channels;
using SpeedData.Core.Configuration;
using SpeedData.Tests.Support;

namespace SpeedData.Tests.Supervision;

/// <summary>For each key of a channel, a change replaces the parts in the table of keys, and nothing else.</summary>
public sealed class ChangeTests
{
    private static readonly Dictionary<string, Func<ChannelOptions, ChannelOptions>> Changes = new()
    {
        ["Port"] = c => c with { Port = Udp.FreePort() },
        ["Schema"] = c => c with { SchemaPath = Path.ChangeExtension(c.SchemaPath, ".other.avsc") },
        ["SchemaRoot"] = c => c with { SchemaRoot = "b.avsc" },
        ["Rejects:Keep"] = c => c with { Rejects = new RejectOptions { Keep = 2 << 20 } },
        ["Receive:Address"] = c => c with { Receive = c.Receive with { Address = IPAddress.Parse("127.0.0.3") } },
        ["Receive:Interface"] = c => c with { Receive = c.Receive with { Interface = "lo" } },
        ["Receive:Source"] = c => c with { Receive = c.Receive with { Source = IPAddress.Loopback } },
        ["Receive:AllowedSources"] = c => c with { Receive = c.Receive with { AllowedSources = [IPNetwork.Parse("127.0.0.0/8")] } },
        ["Receive:BufferBytes"] = c => c with { Receive = c.Receive with { BufferBytes = 1 << 20 } },
        ["Receive:Transport"] = c => c with { Receive = c.Receive with { Transport = ReceiveTransport.Sockets } },
        ["Time:Field"] = c => c with { Time = c.Time with { Field = "time" } },
        ["Time:Unit"] = c => c with { Time = c.Time with { UnitNs = 1000 } },
        ["FullRate:Enabled"] = c => c with { FullRate = c.FullRate with { Enabled = false } },
        ["FullRate:Address"] = c => c with { FullRate = c.FullRate with { Address = IPAddress.Parse("127.0.0.4") } },
        ["FullRate:Port"] = c => c with { FullRate = c.FullRate with { Port = 19 } },
        ["FullRate:Interface"] = c => c with { FullRate = c.FullRate with { Interface = "lo" } },
        ["FullRate:Ttl"] = c => c with { FullRate = c.FullRate with { Ttl = 3 } },
        ["FullRate:Loopback"] = c => c with { FullRate = c.FullRate with { Loopback = false } },
        ["FullRate:BufferBytes"] = c => c with { FullRate = c.FullRate with { BufferBytes = 1 << 20 } },
        ["Decimated:Enabled"] = c => c with { Decimated = c.Decimated with { Enabled = false } },
        ["Decimated:Address"] = c => c with { Decimated = c.Decimated with { Address = IPAddress.Parse("127.0.0.4") } },
        ["Decimated:Port"] = c => c with { Decimated = c.Decimated with { Port = 19 } },
        ["Decimated:Interface"] = c => c with { Decimated = c.Decimated with { Interface = "lo" } },
        ["Decimated:Ttl"] = c => c with { Decimated = c.Decimated with { Ttl = 3 } },
        ["Decimated:Loopback"] = c => c with { Decimated = c.Decimated with { Loopback = false } },
        ["Decimated:BufferBytes"] = c => c with { Decimated = c.Decimated with { BufferBytes = 1 << 20 } },
        ["Decimated:Factor"] = c => c with { Decimated = c.Decimated with { Factor = 4 } },
        ["Decimated:Algorithm"] = c => c with { Decimated = c.Decimated with { Algorithm = DecimationAlgorithm.Average } },
        ["Decimated:MaxWindow"] = c => c with { Decimated = c.Decimated with { MaxWindow = TimeSpan.FromHours(1) } },
        ["Archive:Enabled"] = c => c with { Archive = c.Archive with { Enabled = false } },
        ["Archive:Codec"] = c => c with { Archive = c.Archive with { Codec = ArchiveCodec.Deflate } },
        ["Archive:BlockBytes"] = c => c with { Archive = c.Archive with { BlockBytes = 4096 } },
        ["Archive:FlushEvery"] = c => c with { Archive = c.Archive with { FlushEvery = TimeSpan.FromMilliseconds(20) } },
        ["Archive:SyncEvery"] = c => c with { Archive = c.Archive with { SyncEvery = TimeSpan.FromMilliseconds(20) } },
        ["Archive:RotateBytes"] = c => c with { Archive = c.Archive with { RotateBytes = 1 << 30 } },
        ["Archive:RotateEvery"] = c => c with { Archive = c.Archive with { RotateEvery = TimeSpan.FromHours(5) } },
        ["Archive:RetainFor"] = c => c with { Archive = c.Archive with { RetainFor = TimeSpan.FromHours(5) } },
        ["Archive:RetainBytes"] = c => c with { Archive = c.Archive with { RetainBytes = 1L << 40 } },
        ["Archive:MinFreeBytes"] = c => c with { Archive = c.Archive with { MinFreeBytes = FreeSpaceFloor.Of(1 << 20) } },
        ["Archive:ReceiveTimes"] = c => c with { Archive = c.Archive with { ReceiveTimes = ReceiveTimes.Off } },
        ["Archive:HostName"] = c => c with { Archive = c.Archive with { HostName = false } },
        ["Ring:Bytes"] = c => c with { Ring = new RingOptions { Bytes = 1 << 20 } },
        ["Threads:ReceiveCpu"] = c => c with { Threads = c.Threads with { ReceiveCpu = 0 } },
        ["Threads:WriterCpu"] = c => c with { Threads = c.Threads with { WriterCpu = 0 } },
        ["Restart:InitialDelay"] = c => c with { Restart = c.Restart with { InitialDelay = TimeSpan.FromMilliseconds(7) } },
        ["Runs:Pause"] = c => c with { Runs = new RunOptions { Pause = TimeSpan.FromSeconds(7) } },
        ["Restart:MaxDelay"] = c => c with { Restart = c.Restart with { MaxDelay = TimeSpan.FromSeconds(7) } },
    };

    private static IEnumerable<ChannelKey> Keys => ChannelKeys.All;

    [TestCaseSource(nameof(Keys))]
    public async Task A_changed_key_replaces_only_the_parts_in_the_table_of_keys(ChannelKey key)
    {
        var transport = new FaultyTransport();
        using var fleet = new Fleet(transport);
        Socket full = fleet.Receiver(), decimated = fleet.Receiver();
        ChannelOptions before = fleet.Options("alpha", full, decimated);
        if (key.Name == "SchemaRoot")
            before = InFolder(before);
        File.WriteAllText(Path.ChangeExtension(before.SchemaPath, ".other.avsc"), Records.Schema + " ");
        ChannelOptions after = Changes[key.Name](before);
        Channel channel = fleet.Supervisor.Add(before);
        fleet.SendRecords(before, 0, 3);
        Fleet.Settled(channel, 3);
        object? retention = channel.Retention?.Deletions;

        IReadOnlyList<ChannelKey>? changed = await fleet.Supervisor.ChangeAsync(after);

        Assert.That(changed!.Select(k => k.Name), Is.EqualTo(new[] { key.Name }));
        Eventually.True(() => Opened(transport) == Expected(key, after), $"sockets opened: {Opened(transport)}, expected {Expected(key, after)}");
        Eventually.True(() => channel.State.Status == ChannelStatus.Active || key.Name is "Receive:Source", "the channel receives");
        bool windowEnds = key.Effects.HasFlag(KeyEffects.Check);
        if (windowEnds)
            Eventually.True(() => channel.Counters.Snapshot().Receive.WindowRecords == 1, "the open window ends");
        else
            Assert.That(channel.Counters.Snapshot().Receive.WindowRecords, Is.Zero);
        Assert.That(ReferenceEquals(channel.Retention?.Deletions, retention), Is.EqualTo(!key.Effects.HasFlag(KeyEffects.Retention)), "retention");
        if (key.Name is not ("Receive:Source" or "Receive:Interface" or "Receive:Address"))
        {
            fleet.SendRecords(after, 3, 1);
            Fleet.Settled(channel, 4);
            fleet.Stop();
            bool archives = after.Archive.Enabled;
            Assert.Multiple(() =>
            {
                Assert.That(fleet.Archived("alpha"), Is.EqualTo(Enumerable.Range(0, archives ? 4 : 3)));
                Assert.That(Directory.GetFiles(Path.Combine(fleet.AvroPath, "alpha"), "*.avro"), Has.Length.EqualTo(archives && key.Effects.HasFlag(KeyEffects.Writer) ? 2 : 1));
                Assert.That(channel.Counters.Restarts, Is.Zero);
            });
        }

        fleet.Stop();
        Assert.That(transport.Open, Is.Zero);
    }

    [Test]
    public async Task Equal_options_change_nothing()
    {
        var transport = new FaultyTransport();
        using var fleet = new Fleet(transport);
        ChannelOptions first = WithSources(fleet.Options("alpha")), second = first with { Receive = WithSources(first).Receive };
        Assert.That(second, Is.EqualTo(first));
        fleet.Supervisor.Add(first);
        Assert.That(await fleet.Supervisor.ChangeAsync(second), Is.Empty);
        Assert.That(transport.Opened["Receive"], Is.EqualTo(1));
    }

    [Test]
    public async Task An_unknown_channel_cannot_be_changed()
    {
        using var fleet = new Fleet();
        Assert.That(await fleet.Supervisor.ChangeAsync(fleet.Options("nobody")), Is.Null);
    }

    private static ChannelOptions InFolder(ChannelOptions options)
    {
        string folder = Directory.CreateDirectory(Path.ChangeExtension(options.SchemaPath, ".d")).FullName;
        File.WriteAllText(Path.Combine(folder, "a.avsc"), Records.Schema);
        File.WriteAllText(Path.Combine(folder, "b.avsc"), Records.Schema.Replace("sample", "simple", StringComparison.Ordinal));
        return options with { SchemaPath = folder, SchemaRoot = "a.avsc" };
    }

    private static ChannelOptions WithSources(ChannelOptions options) =>
        options with { Receive = new ReceiveOptions { Address = IPAddress.Parse("127.0.0.1"), AllowedSources = [IPNetwork.Parse("127.0.0.0/8")] } };

    private static (int Receive, int Full, int Decimated) Opened(FaultyTransport transport) =>
        (transport.Opened.GetValueOrDefault("Receive"), transport.Opened.GetValueOrDefault("FullRate"), transport.Opened.GetValueOrDefault("Decimated"));

    private static (int Receive, int Full, int Decimated) Expected(ChannelKey key, ChannelOptions after) => (
        key.Effects.HasFlag(KeyEffects.ReceiveSocket) ? 2 : 1,
        key.Effects.HasFlag(KeyEffects.FullSocket) && after.FullRate.Enabled ? 2 : 1,
        key.Effects.HasFlag(KeyEffects.DecimatedSocket) && after.Decimated.Enabled ? 2 : 1);
}
