using System.Diagnostics;
using System.Globalization;
using System.Net;
using SpeedData.Core.Channels;
using SpeedData.Core.Configuration;
using SpeedData.Tests.Support;

namespace SpeedData.Tests.Supervision;

/// <summary>Changes to a channel while its disk does not answer or its interface comes and goes.</summary>
[Platform("Linux")]
public sealed class ChangesUnderTroubleTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(2);

    [Test]
    public void Adding_changing_and_removing_channels_never_waits_for_a_disk_that_does_not_answer()
    {
        using var fleet = new Fleet();
        Directory.CreateDirectory(fleet.AvroPath);
        string other = Path.ChangeExtension(fleet.SchemaPath, ".other.avsc");
        File.WriteAllText(other, Records.Schema + " ");
        ChannelOptions first = fleet.Options("alpha");
        Func<ChannelOptions, ChannelOptions>[] changes =
        [
            c => c with { Archive = c.Archive with { Codec = ArchiveCodec.Deflate } },
            c => c with { Ring = new RingOptions { Bytes = 1 << 20 } },
            c => c with { Archive = c.Archive with { RetainFor = TimeSpan.FromHours(5) } },
            c => c with { SchemaPath = other },
            c => c with { Port = Udp.FreePort() },
            c => c with { Archive = c.Archive with { Enabled = false } },
            c => c with { Archive = c.Archive with { Enabled = true } },
        ];
        HangingDisk.Run(fleet.AvroPath, () =>
        {
            ChannelOptions now = first;
            Within(Soon, "added", () => fleet.Supervisor.Add(now));
            fleet.SendRecords(now, 0, 10);
            Eventually.True(() => fleet.Supervisor.Channels[0].Counters.Snapshot().Receive.Received == 10, "the channel receives");
            foreach (Func<ChannelOptions, ChannelOptions> change in changes)
            {
                now = change(now);
                Within(Soon, now.ToString(), () => fleet.Supervisor.ChangeAsync(now).Wait());
            }

            Within(Soon, "removed", () => fleet.Supervisor.RemoveAsync("alpha", TimeSpan.FromMilliseconds(100)).Wait());
        });
    }

    [Test]
    public void A_change_while_the_interface_flaps_completes_and_the_channel_joins_the_new_interface() => Wire.Run(1, wire =>
    {
        using var fleet = new Fleet();
        // The long delay keeps a timer from retrying: a timer's thread would use the network of the test process.
        ChannelOptions options = fleet.Options("alpha") with { Receive = new ReceiveOptions { Address = IPAddress.Parse("239.5.5.5"), Interface = "eth0" }, Restart = new RestartOptions { InitialDelay = TimeSpan.FromMinutes(1) } };
        Channel channel = fleet.Supervisor.Add(options);
        for (int round = 0; round < 12; round++)
        {
            using Process deleting = Wire.Start("ip", "link", "del", "eth0");
            for (int step = 0; step < 4; step++)
            {
                options = options with { Receive = options.Receive with { BufferBytes = options.Receive.BufferBytes ^ 4096 } };
                Within(TimeSpan.FromSeconds(5), "the change", () => fleet.Supervisor.ChangeAsync(options).Wait());
            }

            deleting.WaitForExit();
            wire.AddInterface(0);
            string index = IndexOf("eth0");
            Eventually.True(() => channel.Parts.Receive is { Up: true, Where: { } where } && where.Contains($"(index {index})", StringComparison.Ordinal), () => $"joined on index {index}: {channel.Parts.Receive}", seconds: 3);
        }
    });

    private static void Within(TimeSpan limit, string what, Action action)
    {
        var clock = Stopwatch.StartNew();
        action();
        Assert.That(clock.Elapsed, Is.LessThan(limit), what);
    }

    private static string IndexOf(string name)
    {
        using Process ip = Wire.Start("ip", "-o", "link", "show", name);
        string line = ip.StandardOutput.ReadToEnd();
        ip.WaitForExit();
        return int.Parse(line.Split(':')[0], CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture);
    }
}
