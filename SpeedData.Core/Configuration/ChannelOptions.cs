using System.Net;
using SpeedData.Core.Configuration.Values;

namespace SpeedData.Core.Configuration;

/// <summary>One channel: signals with a common time, one Avro schema, one UDP port.</summary>
public sealed record ChannelOptions
{
    /// <summary><c>[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}</c>, not ending in a dot; unique ignoring case.</summary>
    public required string Name { get; init; }

    /// <summary>UDP port, 1 to 65535.</summary>
    public required int Port { get; init; }

    /// <summary>Absolute path of the .avsc file, or of a folder of such files; of the first schema where there are several.</summary>
    public required string SchemaPath { get; init; }

    /// <summary>Further schemas, tried in this order after the first. None by default.</summary>
    public ValueList<string> OtherSchemas { get; init; } = [];

    /// <summary>The file of the record in each folder of schema files. None: the folder has one file.</summary>
    public string? SchemaRoot { get; init; }

    /// <summary>All its schemas, in the order in which they are tried.</summary>
    public ValueList<string> SchemaPaths => [SchemaPath, .. OtherSchemas];

    public ReceiveOptions Receive { get; init; } = new();

    public TimeOptions Time { get; init; } = new();

    public StreamOptions FullRate { get; init; } = new() { Address = IPAddress.Parse("239.1.1.1"), Port = 6000 };

    public DecimatedOptions Decimated { get; init; } = new() { Address = IPAddress.Parse("239.1.1.2"), Port = 6001 };

    public ArchiveOptions Archive { get; init; } = new();

    public RingOptions Ring { get; init; } = new();

    public ThreadOptions Threads { get; init; } = new();

    public RestartOptions Restart { get; init; } = new();

    public RunOptions Runs { get; init; } = new();

    public RejectOptions Rejects { get; init; } = new();
}

/// <summary>Where datagrams are received.</summary>
public sealed record ReceiveOptions
{
    /// <summary>Address to bind, or the multicast group to join. IPv4. Default 0.0.0.0.</summary>
    public IPAddress Address { get; init; } = IPAddress.Any;

    /// <summary>Interface for the join: a name or an IPv4 address. None: the routing table's choice.</summary>
    public string? Interface { get; init; }

    /// <summary>Source for source-specific multicast (RFC 4607). None: any source.</summary>
    public IPAddress? Source { get; init; }

    /// <summary>Networks whose datagrams are accepted; empty: any.</summary>
    public ValueList<IPNetwork> AllowedSources { get; init; } = [];

    /// <summary>SO_RCVBUF wanted, in bytes of payload and overhead. Default 8 MiB.</summary>
    public int BufferBytes { get; init; } = 8 << 20;

    public ReceiveTransport Transport { get; init; } = ReceiveTransport.Auto;
}

/// <summary>How datagrams are taken from the kernel.</summary>
public enum ReceiveTransport
{
    /// <summary>The fastest the platform has that counts every datagram exactly: batched, but each datagram sent as a message of its own.</summary>
    Auto,

    /// <summary>Linux recvmmsg with UDP_GRO, sendmmsg with UDP_SEGMENT; behind a traffic shaper a part of a message may be lost uncounted.</summary>
    Batched,

    /// <summary>System.Net.Sockets, one datagram a call, everywhere.</summary>
    Sockets,
}

/// <summary>Which field holds the device's time.</summary>
public sealed record TimeOptions
{
    /// <summary>A top-level long. None: the first with a timestamp logical type, else one named <c>time</c>.</summary>
    public string? Field { get; init; }

    /// <summary>Nanoseconds of its unit: 1, 1,000, 1,000,000 or 1,000,000,000. None: by its logical type, else 1.</summary>
    public long? UnitNs { get; init; }
}

/// <summary>Where a stream is sent.</summary>
public record StreamOptions
{
    public bool Enabled { get; init; } = true;

    /// <summary>Multicast group or unicast address, IPv4.</summary>
    public required IPAddress Address { get; init; }

    /// <summary>UDP port, 1 to 65535; 0 for none, only where the stream is not enabled.</summary>
    public required int Port { get; init; }

    /// <summary>Way out: a name or an IPv4 address. None: the routing table's choice, loopback where there is no route.</summary>
    public string? Interface { get; init; }

    /// <summary>Hops a multicast datagram may take, 0 to 255. 0: it stays on this host. No effect on unicast.</summary>
    public int Ttl { get; init; }

    /// <summary>Whether receivers on this host get the multicast stream.</summary>
    public bool Loopback { get; init; } = true;

    /// <summary>SO_SNDBUF wanted, in bytes. Default 4 MiB.</summary>
    public int BufferBytes { get; init; } = 4 << 20;

    /// <summary>Whether it goes to a multicast group.</summary>
    public bool IsMulticast() => AddressText.IsMulticast(Address);

    /// <summary>Where it goes and how, without what is sent: whatever the socket depends on.</summary>
    public StreamOptions Target() => new()
    {
        Enabled = Enabled,
        Address = Address,
        Port = Port,
        Interface = Interface,
        Ttl = Ttl,
        Loopback = Loopback,
        BufferBytes = BufferBytes,
    };
}

/// <summary>The decimated stream.</summary>
public sealed record DecimatedOptions : StreamOptions
{
    /// <summary>Accepted datagrams per window, 1 to 1,000,000. Default 5.</summary>
    public int Factor { get; init; } = 5;

    public DecimationAlgorithm Algorithm { get; init; } = DecimationAlgorithm.Downsample;

    /// <summary>How long a window may be open before it is closed with what it has, 1 ms to 1 d. None: until it is full.</summary>
    public TimeSpan? MaxWindow { get; init; }
}

/// <summary>What a window of datagrams becomes.</summary>
public enum DecimationAlgorithm
{
    /// <summary>Its last record.</summary>
    Downsample,

    /// <summary>The mean of every number.</summary>
    Average,

    /// <summary>
    /// Two records for every twice <see cref="DecimatedOptions.Factor"/> datagrams: the minimum of every number, then the
    /// maximum.
    /// </summary>
    MinMax,

    /// <summary>The root mean square of every number.</summary>
    Rms,
}

/// <summary>How datagrams are recorded.</summary>
public sealed record ArchiveOptions
{
    public bool Enabled { get; init; } = true;

    public ArchiveCodec Codec { get; init; } = ArchiveCodec.Null;

    /// <summary>Payload bytes after which a block is closed, before compression. 4 KiB to 64 MiB. Default 256 KiB.</summary>
    public int BlockBytes { get; init; } = 256 << 10;

    /// <summary>Longest a datagram waits in memory before its block is written. Default 100 ms.</summary>
    public TimeSpan FlushEvery { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Time between two fdatasync of the part file. Default 1 s.</summary>
    public TimeSpan SyncEvery { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Largest size of a file: the block that would exceed it begins a new file. A single block may be larger. Default 256 MiB.
    /// </summary>
    public long RotateBytes { get; init; } = 256L << 20;

    /// <summary>Age at which a file ends, even without data; the next datagram begins a new one. Default 1 h.</summary>
    public TimeSpan RotateEvery { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Which receive times and senders the index records. Default <see cref="ReceiveTimes.Burst"/>.</summary>
    public ReceiveTimes ReceiveTimes { get; init; } = ReceiveTimes.Burst;

    /// <summary>
    /// Age at which a finished file is deleted, counted from its end. 1 s to 36,500 d. None: it is kept at any age.
    /// </summary>
    public TimeSpan? RetainFor { get; init; }

    /// <summary>
    /// Most bytes of finished files; beyond, the oldest are deleted. From <see cref="RotateBytes"/> up to 1 PiB. None: no
    /// quota.
    /// </summary>
    public long? RetainBytes { get; init; }

    /// <summary>
    /// Free space on the file system below which the oldest files are deleted. Default: the smaller of 1 GiB and 5 % of it.
    /// </summary>
    public FreeSpaceFloor MinFreeBytes { get; init; } = FreeSpaceFloor.Suitable;

    /// <summary>Whether the file's header names this host (<c>speeddata.host</c>).</summary>
    public bool HostName { get; init; } = true;

    /// <summary>What a writer is opened with: everything but the limits of retention and what each file takes for itself.</summary>
    public ArchiveOptions OfWriter() => new() { Enabled = Enabled, BlockBytes = BlockBytes, FlushEvery = FlushEvery, SyncEvery = SyncEvery, ReceiveTimes = ReceiveTimes };

    /// <summary>What a new file takes over, and no file changes.</summary>
    public ArchiveOptions OfFile() => new ArchiveOptions().WithFile(this);

    /// <summary>The same with what a file takes over from other options.</summary>
    public ArchiveOptions WithFile(ArchiveOptions of) => this with { Codec = of.Codec, RotateBytes = of.RotateBytes, RotateEvery = of.RotateEvery, HostName = of.HostName };
}

/// <summary>Which receive times the index beside an archive records.</summary>
public enum ReceiveTimes
{
    /// <summary>Time and source of every burst: about 5 bytes for each.</summary>
    Burst,

    /// <summary>The first and last time of each block, and its sources.</summary>
    Block,

    /// <summary>Nothing.</summary>
    Off,
}

/// <summary>Avro's name for a block codec, as written in the file header.</summary>
public enum ArchiveCodec
{
    Null,
    Deflate,
    Zstandard,
}

/// <summary>The ring between receive and writer thread.</summary>
public sealed record RingOptions
{
    /// <summary>Payload bytes the ring holds; a power of two, 128 KiB to 1 GiB. Default 8 MiB.</summary>
    public int Bytes { get; init; } = 8 << 20;
}

/// <summary>CPU pinning; null: wherever the scheduler likes.</summary>
public sealed record ThreadOptions
{
    public int? ReceiveCpu { get; init; }

    public int? WriterCpu { get; init; }
}

/// <summary>Backoff of the supervisor and of the archive, exponential, with jitter.</summary>
public sealed record RestartOptions
{
    public TimeSpan InitialDelay { get; init; } = TimeSpan.FromSeconds(1);

    public TimeSpan MaxDelay { get; init; } = TimeSpan.FromSeconds(30);
}

/// <summary>Where a run ends and the next begins.</summary>
public sealed record RunOptions
{
    /// <summary>The longest silence of the channel within a run. None: the greater of 5 s and ten median intervals.</summary>
    public TimeSpan? Pause { get; init; }
}

/// <summary>What becomes of refused datagrams.</summary>
public sealed record RejectOptions
{
    /// <summary>Most bytes of the files that keep them; the first and the latest stay. None: nothing is kept. Default 64 MiB.</summary>
    public long? Keep { get; init; } = 64L << 20;
}
