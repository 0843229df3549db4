using System.Net;
using System.Net.Sockets;
using Avro.File;
using Avro.Generic;
using SpeedData.Core.Channels;
using SpeedData.Core.Configuration;
using SpeedData.Core.Diagnostics;
using SpeedData.Core.Reading;
using SpeedData.Core.Reading.Catalogue;
using SpeedData.Core.Schema;
using SpeedData.Tests.Support;

namespace SpeedData.Tests.Supervision;

/// <summary>A channel with several schemas: each datagram belongs to the first schema that accepts it.</summary>
public sealed class AlternativesTests
{
    private const string NewSchema = """{"type":"record","name":"sample","fields":[{"name":"time","type":"long"},{"name":"counter","type":"int"},{"name":"value","type":"double"},{"name":"level","type":"double"}]}""";

    [Test]
    public void Mixed_datagrams_of_two_schemas_are_all_archived_in_separate_files()
    {
        using var fleet = new Fleet();
        Socket full = fleet.Receiver();
        full.ReceiveBufferSize = 16 << 20;
        ChannelOptions options = TwoSchemas(fleet, full);
        Channel channel = fleet.Supervisor.Add(options);
        const int Each = 3_000;
        for (int i = 0; i < Each; i++)
        {
            fleet.Send(options, New(i));
            fleet.Send(options, Records.Encode(i));
            if (i % 3 == 0)
                fleet.Send(options, [1, 2, 3]);
            if (i % 200 == 199)
                Fleet.Settled(channel, (2 * i) + 2 + (i / 3) + 1);
        }

        LedgerSnapshot ledger = Fleet.Settled(channel, (2 * Each) + (Each / 3));
        SchemaCounters[] counted = [.. channel.Schemas.Select(channel.Counters.Of)];
        Fleet.AssertLedger(channel);
        fleet.Stop();
        ILookup<string, (string File, List<int> Counters)> files = Read(fleet).ToLookup(file => file.Schema, file => (file.File, file.Counters));
        Assert.Multiple(() =>
        {
            Assert.That(ledger.Receive.Invalid, Is.EqualTo(Each / 3));
            Assert.That(counted.Select(schema => schema.Accepted), Is.All.EqualTo(Each));
            Assert.That(counted.Select(channel.Counters.Archived), Is.All.EqualTo(Each));
            Assert.That(ledger.Receive.FullRelayed, Is.EqualTo(2 * Each));
            Assert.That(files.Select(schema => schema.Count()), Is.EqualTo(new[] { 1, 1 }), "one file for each schema");
            foreach (IGrouping<string, (string File, List<int> Counters)> schema in files)
                Assert.That(schema.SelectMany(file => file.Counters), Is.EqualTo(Enumerable.Range(0, Each)));
        });
    }

    [Test]
    public void A_burst_that_changes_its_schema_in_the_middle_is_split()
    {
        using var fleet = new Fleet();
        // The sizes are equal, so that the kernel joins the datagrams. Only the text differs.
        string first = fleet.SchemaPath + ".first.avsc", second = fleet.SchemaPath + ".second.avsc";
        File.WriteAllText(first, """{"type":"record","name":"first","fields":[{"name":"counter","type":"int"},{"name":"flag","type":"boolean"},{"name":"text","type":"string"}]}""");
        File.WriteAllText(second, """{"type":"record","name":"second","fields":[{"name":"counter","type":"int"},{"name":"code","type":{"type":"enum","name":"code","symbols":["A","B","C"]}},{"name":"text","type":"string"}]}""");
        ChannelOptions options = fleet.Options("alpha") with { SchemaPath = first, OtherSchemas = [second] };
        Channel channel = fleet.Supervisor.Add(options);
        byte[] Of(int counter, byte tag) => [(byte)(counter * 2), tag, 2, (byte)'x'];
        byte[] tags = [1, 2, 2, 0, 1, 3, 2, 2, 0, 2];
        SendAsOne(options, [.. tags.SelectMany((tag, i) => Of(i, (byte)(tag == 2 ? 4 : tag == 3 ? 9 : tag)))], 4);
        LedgerSnapshot ledger = Fleet.Settled(channel, tags.Length);
        SchemaCounters[] counted = [.. channel.Schemas.Select(channel.Counters.Of)];
        fleet.Stop();
        Assert.Multiple(() =>
        {
            Assert.That(counted.Select(schema => schema.Accepted), Is.EqualTo(new[] { 4, 5 }));
            Assert.That(ledger.Receive.Invalid, Is.EqualTo(1));
            Assert.That(Read(fleet).SelectMany(file => file.Counters).Order(), Is.EqualTo(new[] { 0, 1, 2, 3, 4, 6, 7, 8, 9 }));
        });
    }

    [Test]
    public void No_window_of_the_decimation_has_records_of_two_schemas()
    {
        using var fleet = new Fleet();
        Socket decimated = fleet.Receiver();
        ChannelOptions options = TwoSchemas(fleet, null, decimated);
        Channel channel = fleet.Supervisor.Add(options with { Decimated = options.Decimated with { Factor = 2, Algorithm = DecimationAlgorithm.Average } });
        for (int i = 0; i < 4; i++)
        {
            fleet.Send(options, Records.Encode(i));
            fleet.Send(options, New(i));
        }

        Fleet.Settled(channel, 8);
        fleet.Stop();
        Assert.That(channel.Counters.Snapshot().Receive.DecimatedRelayed, Is.EqualTo(4));
        int[] lengths = [.. Enumerable.Range(0, 4).Select(_ => decimated.Receive(new byte[100]))];
        Assert.That(lengths.Order(), Is.EqualTo(new[] { Records.Encode(1).Length, Records.Encode(3).Length, New(1).Length, New(3).Length }.Order()));
    }

    [Test]
    public async Task A_changed_list_of_schemas_loses_nothing()
    {
        using var fleet = new Fleet();
        ChannelOptions one = fleet.Options("alpha"), two = TwoSchemas(fleet) with { Port = one.Port };
        Channel channel = fleet.Supervisor.Add(one);
        fleet.SendRecords(one, 0, 5);
        await fleet.Supervisor.ChangeAsync(two);
        Eventually.True(() => channel.State.Status == ChannelStatus.Active, "the channel receives");
        fleet.SendRecords(one, 5, 5);
        fleet.Send(one, New(10));
        Fleet.Settled(channel, 11);
        await fleet.Supervisor.ChangeAsync(two with { SchemaPath = two.OtherSchemas[0], OtherSchemas = [] });
        Eventually.True(() => channel.State.Status == ChannelStatus.Active, "the channel receives");
        fleet.SendRecords(one, 11, 5);
        Fleet.Settled(channel, 16);
        fleet.Stop();
        Assert.That(fleet.Archived("alpha").Order(), Is.EqualTo(Enumerable.Range(0, 16)));
        Fleet.AssertLedger(channel);
    }

    [Test]
    public void An_export_has_the_records_of_both_schemas_in_the_order_of_their_arrival()
    {
        using var fleet = new Fleet();
        ChannelOptions options = TwoSchemas(fleet);
        Channel channel = fleet.Supervisor.Add(options);
        for (int i = 0; i < 50; i++)
            fleet.Send(options, i % 3 == 0 ? New(i) : Records.Encode(i));
        Fleet.Settled(channel, 50);
        fleet.Stop();
        using var records = new RecordFilter(ChannelSelection.Of(ArchiveCatalogue.Find(Path.Combine(fleet.AvroPath, "alpha"))[0], default), 1, CancellationToken.None);
        var counters = new List<int>();
        while (records.MoveNext())
            counters.Add(Records.Counter(records.Record));
        Assert.That(counters, Is.EqualTo(Enumerable.Range(0, 50)));
    }

    private static ChannelOptions TwoSchemas(Fleet fleet, Socket? full = null, Socket? decimated = null)
    {
        string path = fleet.SchemaPath + ".new.avsc";
        File.WriteAllText(path, NewSchema);
        ChannelOptions options = fleet.Options("alpha", full, decimated);
        return options with { SchemaPath = path, OtherSchemas = [options.SchemaPath] };
    }

    private static byte[] New(int counter) => [.. Records.Encode(counter), .. new byte[8]];

    /// <summary>Sends one message with UDP_SEGMENT, which the receiver gets as one burst.</summary>
    private static void SendAsOne(ChannelOptions options, byte[] datagrams, int size)
    {
        using Socket sender = Udp.Sender();
        sender.SetRawSocketOption(17, 103, BitConverter.GetBytes(size));
        sender.SendTo(datagrams, new IPEndPoint(IPAddress.Loopback, options.Port));
    }

    private static IEnumerable<(string File, string Schema, List<int> Counters)> Read(Fleet fleet)
    {
        foreach (string file in Directory.EnumerateFiles(Path.Combine(fleet.AvroPath, "alpha"), "*Z.avro").Order(StringComparer.Ordinal))
        {
            using IFileReader<GenericRecord> reader = DataFileReader<GenericRecord>.OpenReader(file);
            var counters = new List<int>();
            while (reader.HasNext())
                counters.Add((int)reader.Next()["counter"]);
            yield return (file, reader.GetSchema().ToString(), counters);
        }
    }
}
