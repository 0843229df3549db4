using Microsoft.Extensions.Time.Testing;
using SpeedData.Core.Archive;
using SpeedData.Core.Archive.Retention;
using SpeedData.Core.Channels;
using SpeedData.Core.Channels.Parts;
using SpeedData.Core.Diagnostics;
using SpeedData.Core.Schema;
using SpeedData.Core.Sources;
using SpeedData.Server.Rejects;
using SpeedData.Server.Reporting;
using SpeedData.Tests.Server.Support;
using SpeedData.Tests.Support;

namespace SpeedData.Tests.Server.Reporting;

public sealed class FaultReporterTests
{
    private FakeTimeProvider _time = null!;
    private RecordingLog _log = null!;
    private TestChannel _channel = null!;
    private FakeChannelHost _host = null!;
    private FaultReporter _reporter = null!;

    [SetUp]
    public void Begin()
    {
        _time = new FakeTimeProvider(TestChannels.Noon);
        _log = new RecordingLog();
        _channel = TestChannels.Active();
        _host = new FakeChannelHost(_channel);
        _reporter = new FaultReporter(_host, new RejectReport(_host), _time, _log.For<FaultReporter>());
    }

    [TearDown]
    public void End()
    {
        _reporter.Dispose();
        _log.Dispose();
    }

    [Test]
    public void A_healthy_channel_logs_nothing()
    {
        _channel.Counters.Receive.Write(new ReceiveTally { Received = 5, Queued = 5, FullRelayed = 5 });

        Look(120);

        Assert.That(_log.Lines, Is.Empty);
    }

    [Test]
    public void A_file_that_cannot_be_deleted_is_reported_once_and_so_is_its_recovery()
    {
        var state = new RetentionState(TestChannels.Fault("cannot delete /data/x.avro: EBUSY", FaultRole.Archive), null, new DeletionLog());
        _channel.NowRetention = state;
        Look(50);
        _channel.NowRetention = state with { Fault = null };
        Look(1);

        Assert.That(_log.Lines, Is.EqualTo([
            "Error: Channel example: retention: cannot delete /data/x.avro: EBUSY; recording continues",
            "Information: Channel example: retention: old files are deleted again",
        ]));
    }

    [Test]
    public void Ten_thousand_deletions_in_an_hour_are_reported_in_one_line_per_minute()
    {
        var log = new DeletionLog();
        _channel.NowRetention = new RetentionState(null, null, log);
        for (int i = 0; i < 10_000; i++)
        {
            log.Add(TestChannels.Noon.AddSeconds(i), 1000, i % 2 == 0 ? DeletionReason.Age : DeletionReason.Bytes);
            if (i % 25 == 0)
                Look(9);
        }

        _reporter.StopAsync(CancellationToken.None).GetAwaiter().GetResult();
        string[] lines = [.. _log.Lines];
        Assert.Multiple(() =>
        {
            Assert.That(lines, Has.Length.InRange(50, 65).And.All.StartsWith("Information: Channel example: retention: deleted "));
            Assert.That(lines.Sum(line => long.Parse(line.Split("deleted ")[1].Split(' ')[0].Replace(",", "", StringComparison.Ordinal), System.Globalization.CultureInfo.InvariantCulture)), Is.EqualTo(10_000));
            Assert.That(lines[0], Does.Contain("1 files").And.Contain("began from 2026-03-01T12:00:00Z to 2026-03-01T12:00:00Z: 1 older than Archive:RetainFor"));
            Assert.That(lines[^1], Does.Contain("over Archive:RetainBytes").And.Contain("to 2026-03-01T14:46:39Z"));
        });
    }

    [Test]
    public void The_end_of_a_full_disk_reports_the_total_number_of_dropped_datagrams()
    {
        ArchiveState full = new(TestChannels.Fault("cannot write: ENOSPC", FaultRole.Archive), null, null, 0, 0, null);
        _channel.NowArchive = full with { Fault = null };
        Look(1);
        _channel.NowArchive = full;
        for (int second = 1; second <= 100; second++)
        {
            _channel.Written(new WriterTally { Disk = 531 * second });
            Look(1);
        }

        _channel.Written(new WriterTally { Disk = 53_144 });
        _channel.NowArchive = full with { Fault = null, LastFault = full.Fault };
        Look(1);

        Assert.That(_log.Lines, Has.One.EqualTo("Information: Channel example: archive: works again; 53,144 datagrams were dropped in between (disk and ring_full)"));
    }

    [Test]
    public void A_file_named_in_the_future_causes_one_warning()
    {
        _channel.NowArchive = new ArchiveState(null, null, null, 1, 1, null) { NamedInTheFuture = ["example-20360101T000000.000000Z.avro"] };
        Look(100);
        Assert.That(_log.Lines, Has.Count.EqualTo(1).And.One.StartsWith("Warning: Channel example: archive: the time in the name of example-20360101T000000.000000Z.avro is in the future"));
    }

    [Test]
    public void A_fault_is_reported_with_its_detail_and_so_is_its_recovery()
    {
        Fault(1, "the socket was closed");
        Look(1);
        _channel.NowState = new ChannelState(ChannelStatus.Active, TestChannels.Noon, _channel.State.LastFault);
        Look(1);

        Assert.Multiple(() =>
        {
            Assert.That(_log.Lines, Has.Count.EqualTo(2));
            Assert.That(_log.Lines[0], Does.StartWith("Error: Channel example: receive: the socket was closed").And.Contain("next try at 12:00:07"));
            Assert.That(_log.Lines[1], Does.StartWith("Information: Channel example: recovered"));
        });
    }

    [Test]
    public void A_repeated_fault_is_counted_once_a_minute()
    {
        for (int i = 1; i <= 125; i++)
        {
            Fault(i, "port 26000 is taken");
            Look(1);
        }

        Assert.Multiple(() =>
        {
            Assert.That(_log.Lines, Has.Count.EqualTo(3));
            Assert.That(_log.Lines[1], Does.Contain("receive: port 26000 is taken: 60 more"));
            Assert.That(_log.Lines[2], Does.Contain("60 more"));
        });
    }

    [Test]
    public void Errors_of_a_stream_that_was_down_are_reported_once_with_its_recovery()
    {
        ChannelParts up = _channel.NowParts;
        Look(1);
        _channel.NowParts = up with { Full = new PartState(false, TestChannels.Noon, "the host refuses") };
        _channel.Counters.Receive.Write(new ReceiveTally { FullErrors = 100 });
        Look(1);
        _channel.Counters.Receive.Write(new ReceiveTally { FullErrors = 180 });
        _channel.NowParts = up;
        Look(1);
        Look(1);

        Assert.Multiple(() =>
        {
            Assert.That(_log.Lines, Has.Count.EqualTo(2));
            Assert.That(_log.Lines[0], Does.StartWith("Error: Channel example: full stream: the host refuses"));
            Assert.That(_log.Lines[1], Does.Contain("full stream: works again; 180 datagrams were not sent in between"));
        });
    }

    [Test]
    public void Failure_and_recovery_of_an_archive_are_reported()
    {
        Fault fault = TestChannels.Fault("no space left on /data", FaultRole.Archive);
        _channel.NowArchive = new ArchiveState(fault, fault, null, 0, 0, null);
        Look(5);
        _channel.NowArchive = new ArchiveState(null, fault, null, 0, 0, null);
        Look(5);

        Assert.Multiple(() =>
        {
            Assert.That(_log.Lines, Has.Count.EqualTo(2));
            Assert.That(_log.Lines[0], Does.StartWith("Error: Channel example: archive: no space left on /data"));
            Assert.That(_log.Lines[1], Does.StartWith("Information: Channel example: archive: works again"));
        });
    }

    [Test]
    public void Drops_and_relay_errors_are_reported_by_reason_and_stream()
    {
        _channel.Counters.Receive.Write(new ReceiveTally { Received = 20, RingFull = 3, FullErrors = 4, DecimatedErrors = 5 });
        _channel.Written(new WriterTally { Disk = 6, Fault = 7 });
        _channel.Counters.SocketOpened(() => 8);
        _channel.Counters.CountSyncError();
        Look(1);

        string all = string.Join('\n', _log.Lines);
        Assert.Multiple(() =>
        {
            Assert.That(_log.Lines, Has.Count.EqualTo(7));
            Assert.That(all, Does.Contain("3 datagrams dropped, ring_full").And.Contain("6 datagrams dropped, disk").And.Contain("7 datagrams dropped, fault"));
            Assert.That(all, Does.Contain("8 datagrams dropped, kernel").And.Contain("212,992 bytes"));
            Assert.That(all, Does.Contain("4 datagrams of the full stream to 239.1.1.1:6000").And.Contain("5 datagrams of the decimated stream"));
            Assert.That(all, Does.Contain("fdatasync"));
        });
    }

    [Test]
    public void Datagrams_dropped_after_the_first_report_are_reported_once_more_and_no_others()
    {
        _channel.Written(new WriterTally { Disk = 5 });
        Look(1);
        _channel.Written(new WriterTally { Disk = 7 });
        Look(60);

        Assert.Multiple(() =>
        {
            Assert.That(_log.Lines, Has.Count.EqualTo(2));
            Assert.That(_log.Lines[0], Does.Contain("5 datagrams dropped, disk"));
            Assert.That(_log.Lines[^1], Does.Contain("disk: datagrams dropped: 2 more"));
        });
    }

    [Test]
    public void A_refused_datagram_is_reported_with_sender_field_and_offset()
    {
        Refuse("127.0.0.3", [2, 4]);
        Look(1);

        Assert.That(_log.Lines.Single(), Does.Contain("127.0.0.3: refused, invalid: length_too_large")
            .And.Contain("127.0.0.3:9").And.Contain("message at offset 1").And.Contain("/api/v1/channels/example/rejects"));
    }

    [Test]
    public void Ten_thousand_bad_datagrams_a_second_for_thirty_seconds_log_few_lines()
    {
        for (int second = 0; second < 30; second++)
        {
            for (uint i = 0; i < 10_000; i++)
                _channel.Rejects.Add(DropReason.Invalid, (byte)(1 + (i % 13)), 1, SourceAddress.IPv4(0x0A000000 + (i * 7919 % 5_000), 9), [1, 2, 3]);
            Look(1);
        }
        _reporter.StopAsync(CancellationToken.None).GetAwaiter().GetResult();

        Assert.Multiple(() =>
        {
            Assert.That(_log.Bytes, Is.LessThan(32 * 1024));
            Assert.That(_log.Lines, Has.Some.Contains("not logged separately"));
        });
    }

    [Test]
    public void Fifty_channels_flooded_from_many_senders_for_an_hour_log_a_bounded_number_of_lines()
    {
        for (int i = 1; i < 50; i++)
            _host.Add(TestChannels.Active($"channel-{i}", 26000 + i));
        for (int minute = 0; minute < 60; minute++)
        {
            foreach (Channel channel in _host.Channels)
            {
                for (uint i = 0; i < 64; i++)
                    channel.Rejects.Add(DropReason.Invalid, 1, 1, SourceAddress.IPv4(0x0A000000 + ((uint)minute * 1_000) + i, 9), [1]);
            }
            Look(2, TimeSpan.FromSeconds(30));
        }

        Assert.That(_log.Lines, Has.Count.LessThan(60 * 150));
    }

    [Test]
    public void The_content_of_a_datagram_or_a_message_cannot_forge_a_log_line()
    {
        Fault(1, "first\nsecond\u001b[31m");
        Look(1);

        Assert.That(_log.Lines.Single().Any(char.IsControl), Is.False);
    }

    [Test]
    public void A_channel_that_throws_does_not_keep_the_others_from_being_reported()
    {
        _channel.OnArchive = new InvalidOperationException("broken");
        TestChannel other = TestChannels.Active("other", 26001);
        other.Counters.Receive.Write(new ReceiveTally { Received = 2, RingFull = 2 });
        _host.Add(other);
        Look(10);

        Assert.That(_log.Lines, Has.Count.EqualTo(2).And.Some.Contains("example: cannot be checked: broken").And.Some.Contains("other: 2 datagrams dropped"));
    }

    [Test]
    public void A_stop_reports_everything_that_is_still_unreported()
    {
        Refuse("127.0.0.3", [1]);
        Refuse("127.0.0.3", [1]);
        Refuse("127.0.0.3", [1]);
        _reporter.StopAsync(CancellationToken.None).GetAwaiter().GetResult();

        Assert.That(_log.Lines, Has.Count.EqualTo(2).And.Some.Contains("2 more"));
    }

    [Test]
    public void A_channel_added_later_is_reported_and_the_others_are_not_reported_again()
    {
        Fault(1, "the socket was closed");
        Look(1);
        TestChannel later = TestChannels.Active("later", 26001);
        later.Counters.Receive.Write(new ReceiveTally { Received = 2, RingFull = 2 });
        _host.Add(later);
        Look(1);

        Assert.That(_log.Lines, Has.Count.EqualTo(2).And.Some.Contains("example: receive: the socket was closed").And.Some.Contains("later: 2 datagrams dropped"));
    }

    [Test]
    public async Task The_reporter_checks_the_channels_by_itself()
    {
        await _reporter.StartAsync(CancellationToken.None);
        Refuse("127.0.0.3", [1]);
        Eventually.True(() => _log.Lines.Count > 0, "the refusal is reported");
        await _reporter.StopAsync(CancellationToken.None);

        Assert.That(_log.Lines, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_failing_log_does_not_end_the_checks()
    {
        _log.IsBroken = true;
        Refuse("127.0.0.3", [1]);
        await _reporter.StartAsync(CancellationToken.None);
        Eventually.True(() => _log.Failures > 0, "the broken log throws at the first refusal");
        _log.IsBroken = false;
        Refuse("127.0.0.4", [1]);
        Eventually.True(() => _log.Lines.Count > 0, "the second refusal is reported");
        await _reporter.StopAsync(CancellationToken.None);

        Assert.That(_log.Lines, Has.Some.Contains("127.0.0.4"));
    }

    private void Fault(int inARow, string message) => _channel.NowState = new ChannelState(
        ChannelStatus.Faulted, TestChannels.Noon, TestChannels.Fault(message), inARow, TestChannels.Noon.AddSeconds(7));

    private void Refuse(string source, byte[] datagram)
    {
        RecordFaultKind kind = RecordSchema.Load(TestChannels.ExampleSchema).Layout.Check(datagram);
        _channel.Rejects.Add(DropReason.Invalid, (byte)kind, 1, TestChannels.From(source, 9), datagram);
    }

    private void Look(int times, TimeSpan? every = null)
    {
        for (int i = 0; i < times; i++)
        {
            _time.Advance(every ?? TimeSpan.FromSeconds(1));
            _reporter.LookAtAll();
        }
    }
}
