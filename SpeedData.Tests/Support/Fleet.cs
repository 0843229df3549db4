using System.Net;
using System.Net.Sockets;
using Avro.File;
using Avro.Generic;
using Microsoft.Extensions.Logging.Abstractions;
using SpeedData.Core.Archive;
using SpeedData.Core.Channels;
using SpeedData.Core.Configuration;
using SpeedData.Core.Diagnostics;
using SpeedData.Core.Supervision;

namespace SpeedData.Tests.Support;

/// <summary>A supervisor of channels on free loopback ports, with a receiver for each stream and its own folder for archives.</summary>
internal sealed class Fleet : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly List<IDisposable> _open = [];
    private readonly ITransport _transport;

    public Fleet(ITransport? transport = null, IArchiveFiles? files = null, TimeProvider? time = null)
    {
        SchemaPath = _folder.Write("sample.avsc", Records.Schema);
        AvroPath = Path.Combine(_folder.Path, "data");
        _transport = transport ?? new KernelTransport();
        Supervisor = new Supervisor(new PipelineServices(_transport, AvroPath, time ?? TimeProvider.System, files), NullLogger<Supervisor>.Instance);
        Sender = Udp.Sender();
        _open.Add(Sender);
    }

    public Supervisor Supervisor { get; }

    public string SchemaPath { get; }

    public string AvroPath { get; }

    public Socket Sender { get; }

    /// <summary>Makes options of a channel with short backoff. Its streams go to sockets made with <see cref="Receiver"/>.</summary>
    public ChannelOptions Options(string name, Socket? full = null, Socket? decimated = null) => new()
    {
        Name = name,
        Port = Udp.FreePort(),
        SchemaPath = SchemaPath,
        Receive = new ReceiveOptions { Address = IPAddress.Loopback, BufferBytes = 4 << 20 },
        FullRate = new StreamOptions { Enabled = full is not null, Address = IPAddress.Loopback, Port = full?.Port() ?? 9 },
        Decimated = new DecimatedOptions { Enabled = decimated is not null, Address = IPAddress.Loopback, Port = decimated?.Port() ?? 9 },
        Restart = new RestartOptions { InitialDelay = TimeSpan.FromMilliseconds(20), MaxDelay = TimeSpan.FromMilliseconds(100) },
    };

    public Socket Receiver()
    {
        Socket socket = Udp.Receiver(IPAddress.Loopback, 0);
        _open.Add(socket);
        return socket;
    }

    public void Send(ChannelOptions channel, ReadOnlySpan<byte> datagram) => Sender.SendTo(datagram, new IPEndPoint(channel.Receive.Address is { } address && !address.Equals(IPAddress.Any) ? address : IPAddress.Loopback, channel.Port));

    public void SendRecords(ChannelOptions channel, int first, int count)
    {
        for (int i = first; i < first + count; i++)
            Send(channel, Records.Encode(i));
    }

    /// <summary>
    /// Adds a channel that was removed, and waits until it has its port. A process that another test starts has a copy of the old
    /// socket until it runs its program, and keeps the port that long.
    /// </summary>
    public Channel AddAgain(ChannelOptions channel)
    {
        Channel again = Supervisor.Add(channel);
        Eventually.True(() => again.State.Status == ChannelStatus.Active, $"{channel.Name} has its port");
        return again;
    }

    /// <summary>Waits until the channel has received this number of datagrams and has none pending.</summary>
    public static LedgerSnapshot Settled(Channel channel, long received)
    {
        LedgerSnapshot ledger = default;
        Eventually.True(() => (ledger = channel.Counters.Snapshot()).Receive.Received >= received && ledger.Pending == 0, $"{channel.Name} settles {received} datagrams");
        return ledger;
    }

    /// <summary>Counters of all records in a channel's finished files, in the order of the files' names, read by Apache.Avro.</summary>
    /// <param name="channel">Name of the channel.</param>
    /// <param name="pattern">Pattern of the file names.</param>
    public List<int> Archived(string channel, string pattern = "*.avro")
    {
        var counters = new List<int>();
        foreach (string file in Directory.EnumerateFiles(Path.Combine(AvroPath, channel), pattern).Where(file => !FileSuffix.IsRejected(file)).Order(StringComparer.Ordinal))
        {
            using IFileReader<GenericRecord> reader = DataFileReader<GenericRecord>.OpenReader(file);
            while (reader.HasNext())
                counters.Add((int)reader.Next()["counter"]);
        }

        return counters;
    }

    /// <summary>Drains and stops all channels.</summary>
    public bool Stop(double seconds = 10) => Supervisor.StopAsync(TimeSpan.FromSeconds(seconds)).GetAwaiter().GetResult();

    public void Dispose()
    {
        Stop(2);
        Supervisor.Dispose();
        _transport.Dispose();
        _open.ForEach(o => o.Dispose());
        _folder.Dispose();
    }

    /// <summary>Asserts the ledger's equations for the parts that the channel has enabled.</summary>
    public static void AssertLedger(Channel channel)
    {
        LedgerSnapshot l = channel.Counters.Snapshot();
        ReceiveTally r = l.Receive;
        Assert.Multiple(() =>
        {
            if (channel.Options.Archive.Enabled)
                Assert.That(l.Writer.Archived + l.Pending + r.Invalid + r.SourceDenied + r.RingFull + l.Writer.Disk + l.Dropped(DropReason.Fault), Is.EqualTo(r.Received), $"archive ledger of {channel.Name}");
            if (channel.Options.FullRate.Enabled)
                Assert.That(r.FullRelayed + r.FullErrors, Is.EqualTo(r.Received - r.Invalid - r.SourceDenied), $"relay ledger of {channel.Name}");
            Assert.That(r.DecimatedRelayed + r.DecimatedErrors, Is.EqualTo(r.WindowRecords), $"decimated ledger of {channel.Name}");
        });
    }
}
