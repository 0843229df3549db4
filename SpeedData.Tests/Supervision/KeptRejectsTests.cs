using Microsoft.Win32.SafeHandles;
using SpeedData.Core.Archive;
using SpeedData.Core.Archive.Index;
using SpeedData.Core.Channels;
using SpeedData.Core.Configuration;
using SpeedData.Core.Container;
using SpeedData.Core.Rejects;
using SpeedData.Core.Schema;
using SpeedData.Tests.Support;

namespace SpeedData.Tests.Supervision;

/// <summary>Refused datagrams are kept. They become archives once the correct schema is known.</summary>
public sealed class KeptRejectsTests
{
    private const string Other = """{"type":"record","name":"other","fields":[{"name":"a","type":"double"},{"name":"b","type":"double"},{"name":"c","type":"double"},{"name":"d","type":"double"}]}""";

    [Test]
    public void A_hundred_thousand_refused_datagrams_are_rescued_as_if_the_schema_had_been_right()
    {
        const int Count = 100_000;
        using Fleet wrong = new(), right = new();
        File.WriteAllText(wrong.SchemaPath, Other);
        ChannelOptions refusing = wrong.Options("alpha");
        Channel refused = wrong.Supervisor.Add(refusing);
        for (int i = 0; i < Count; i++)
        {
            wrong.Send(refusing, Records.Encode(i));
            if (i % 500 == 499)
                Fleet.Settled(refused, i + 1);
        }

        Fleet.Settled(refused, Count);
        Eventually.True(() => refused.Counters.Rejects.Kept + refused.Counters.Rejects.NotKept == Count, "all datagrams are kept or counted");
        Assert.That(refused.Counters.Rejects.NotKept, Is.Zero);
        wrong.Stop();
        string[] files = Kept(wrong);

        RescueResult result = new Rescuer(RecordSchema.Parse(Records.Schema), right.AvroPath, takesDenied: false, CancellationToken.None).Run(null, files);

        Assert.Multiple(() =>
        {
            Assert.That((result.Channel, result.Read, result.Rescued, result.Unfit, result.NotKept, result.Trouble), Is.EqualTo(("alpha", (long)Count, (long)Count, 0L, 0L, (string?)null)));
            Assert.That(right.Archived("alpha"), Is.EqualTo(Enumerable.Range(0, Count)));
            Assert.That(Times(result.Written), Is.EqualTo(RejectTimes(files)), "receive times and senders");
        });
    }

    [Test]
    public void A_rescue_into_a_folder_that_a_server_writes_in_is_refused()
    {
        using var fleet = new Fleet();
        ChannelOptions options = fleet.Options("alpha");
        Channel channel = fleet.Supervisor.Add(options);
        fleet.Send(options, [1, 2, 3]);
        fleet.SendRecords(options, 0, 3);
        Eventually.True(() => channel.Counters.Rejects.Kept == 1 && channel.Counters.Snapshot().Writer.Archived == 3, "the folder is in use");
        string folder = Path.Combine(fleet.AvroPath, "alpha");
        string[] files = Directory.GetFiles(folder, "*.rejected.avro.part"), before = [.. Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal)];

        RescueException refused = Assert.Throws<RescueException>(() => new Rescuer(RecordSchema.Parse(Records.Schema), fleet.AvroPath, takesDenied: false, CancellationToken.None).Run(null, files))!;

        Assert.Multiple(() =>
        {
            Assert.That(refused.Message, Does.Contain(folder).And.Contain($"process {Environment.ProcessId}").And.Contain("another folder"));
            Assert.That(refused.IsOfOutput, Is.True);
            Assert.That(Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal), Is.EqualTo(before));
        });
    }

    [Test]
    public void The_first_and_the_latest_refused_datagrams_are_kept_within_the_quota()
    {
        using var fleet = new Fleet();
        ChannelOptions options = fleet.Options("alpha") with { Rejects = new RejectOptions { Keep = 1 << 20 } };
        Channel channel = fleet.Supervisor.Add(options);
        byte[] datagram = new byte[1000];
        const int Count = 4_000;
        for (int i = 0; i < Count; i++)
        {
            BitConverter.TryWriteBytes(datagram.AsSpan(4), i);
            fleet.Send(options, datagram);
            if (i % 50 == 49)
                Eventually.True(() => channel.Counters.Rejects.Kept == i + 1, "the datagrams are kept");
        }

        fleet.Stop();
        string[] files = Kept(fleet);
        int[] kept = [.. Datagrams(files).Select(bytes => BitConverter.ToInt32(bytes.AsSpan(4)))];
        Assert.Multiple(() =>
        {
            Assert.That(files.Sum(file => new FileInfo(file).Length), Is.LessThanOrEqualTo(1 << 20));
            Assert.That(kept[0], Is.Zero);
            Assert.That(kept[^1], Is.EqualTo(Count - 1));
            Assert.That(kept, Has.Length.GreaterThan(500));
            Assert.That(kept, Is.Ordered.Ascending.And.Unique);
        });
    }

    [Test]
    public void A_file_of_a_killed_process_is_finished_without_its_torn_block()
    {
        using var fleet = new Fleet();
        ChannelOptions options = fleet.Options("alpha");
        Channel channel = fleet.Supervisor.Add(options);
        fleet.Send(options, [1, 2, 3]);
        Eventually.True(() => channel.Counters.Rejects.Kept == 1, "the datagram is kept");
        string part = Directory.GetFiles(Path.Combine(fleet.AvroPath, "alpha"), "*.rejected.avro.part").Single();
        string left = Path.Combine(Path.GetDirectoryName(part)!, "alpha-20200101T000000.000000Z.rejected.avro");
        File.WriteAllBytes(left + ".part", [.. File.ReadAllBytes(part), 2, 100, 1, 2, 3]);
        fleet.Stop();
        fleet.Supervisor.Dispose();
        using var next = new SpeedData.Core.Supervision.Supervisor(new PipelineServices(new KernelTransport(), fleet.AvroPath, TimeProvider.System), Microsoft.Extensions.Logging.Abstractions.NullLogger<SpeedData.Core.Supervision.Supervisor>.Instance);
        next.Add(options);
        fleet.Send(options, [1, 2, 3]);
        Eventually.True(() => File.Exists(left), "the file has its final name");
        Assert.That(Datagrams([left]), Is.EqualTo(new[] { new byte[] { 1, 2, 3 } }));
        next.StopAsync(TimeSpan.FromSeconds(5)).GetAwaiter().GetResult();
    }

    [Test]
    public void Nothing_is_kept_if_keeping_is_disabled()
    {
        using var fleet = new Fleet();
        ChannelOptions options = fleet.Options("alpha") with { Rejects = new RejectOptions { Keep = null } };
        Channel channel = fleet.Supervisor.Add(options);
        fleet.Send(options, [1, 2, 3]);
        fleet.SendRecords(options, 0, 1);
        Fleet.Settled(channel, 2);
        fleet.Stop();
        Assert.That(Kept(fleet), Is.Empty);
    }

    [Test]
    public void Datagrams_of_a_denied_sender_are_kept_as_denied_and_left_out_of_a_rescue()
    {
        using Fleet fleet = new(), right = new();
        ChannelOptions options = fleet.Options("alpha");
        options = options with { Receive = options.Receive with { AllowedSources = [System.Net.IPNetwork.Parse("10.0.0.0/8")] } };
        Channel channel = fleet.Supervisor.Add(options);
        fleet.SendRecords(options, 0, 3);
        Eventually.True(() => channel.Counters.Rejects.Kept == 3, "the datagrams are kept");
        fleet.Stop();
        RescueResult Rescue(bool denied) => new Rescuer(RecordSchema.Parse(Records.Schema), right.AvroPath, denied, CancellationToken.None).Run("beta", Kept(fleet));
        RescueResult without = Rescue(false), with = Rescue(true);
        Assert.Multiple(() =>
        {
            Assert.That((without.Rescued, without.Denied), Is.EqualTo((0L, 3L)));
            Assert.That((with.Rescued, with.Denied), Is.EqualTo((3L, 0L)));
            Assert.That(right.Archived("beta"), Is.EqualTo(new[] { 0, 1, 2 }));
        });
    }

    [Test]
    public void A_full_disk_costs_only_refused_datagrams()
    {
        using var files = new SlowFiles { LackRoom = FileSuffix.IsRejected };
        using var fleet = new Fleet(files: files);
        ChannelOptions options = fleet.Options("alpha");
        Channel channel = fleet.Supervisor.Add(options);
        fleet.Send(options, [1, 2, 3]);
        fleet.SendRecords(options, 0, 10);
        Fleet.Settled(channel, 11);
        Eventually.True(() => channel.Counters.Rejects.NotKept == 1, "the datagram is counted");
        Assert.That(channel.RejectFault, Does.Contain("not kept"));
        fleet.Stop();
        Assert.That(fleet.Archived("alpha"), Is.EqualTo(Enumerable.Range(0, 10)));
    }

    private static string[] Kept(Fleet fleet) => [.. Directory.EnumerateFiles(Path.Combine(fleet.AvroPath, "alpha"), "*.rejected.avro").Order(StringComparer.Ordinal)];

    private static List<byte[]> Datagrams(string[] files)
    {
        var datagrams = new List<byte[]>();
        Read(files, reader => datagrams.Add(reader.Datagram.ToArray()));
        return datagrams;
    }

    private static List<(long, string)> RejectTimes(string[] files)
    {
        var times = new List<(long, string)>();
        Read(files, reader => times.Add((reader.TimeNs, reader.Source.ToString())));
        return times;
    }

    private static void Read(string[] files, Action<RejectReader> take)
    {
        foreach (string file in files)
        {
            using SafeFileHandle handle = OpenFile.Open(file, out IByteSource source);
            var reader = new RejectReader(ContainerReader.Open(source, out _)!, CancellationToken.None);
            while (reader.MoveNext())
                take(reader);
            Assert.That(reader.Damage, Is.Null);
        }
    }

    /// <summary>Receive time and sender of each record, from the indexes of archives.</summary>
    private static List<(long, string)> Times(IEnumerable<string> archives)
    {
        var times = new List<(long, string)>();
        foreach (string archive in archives)
        {
            using IndexCursor index = IndexCursor.TryOpen(Path.ChangeExtension(archive, FileSuffix.Index), 1 << 20)!;
            while (index.MoveNext())
            {
                foreach (IndexBurst burst in index.Current!.Bursts)
                    times.AddRange(Enumerable.Repeat((burst.ReceivedNs, index.Current.Sources[burst.Source].ToString()), (int)burst.Records));
            }
        }

        return times;
    }
}
