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

    /// <summary>
    /// Absolute path of the .avsc file, or of a folder of such files. If there are several schemas, the path of the first.
    /// </summary>
    public required string SchemaPath { get; init; }

    /// <summary>Further schemas, tried in this order after the first. Default: none.</summary>
    public ValueList<string> OtherSchemas { get; init; } = [];

    /// <summary>The record's file in each folder of schema files; null if a folder has only one file.</summary>
    public string? SchemaRoot { get; init; }

    /// <summary>The paths of all schemas, in the order in which they are tried.</summary>
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

/// <summary>The address, interface and socket on which datagrams are received.</summary>
public sealed record ReceiveOptions
{
    /// <summary>Address to bind, or the multicast group to join. IPv4. Default 0.0.0.0.</summary>
    public IPAddress Address { get; init; } = IPAddress.Any;

    /// <summary>Interface for the join: a name or an IPv4 address. If null, the routing table chooses.</summary>
    public string? Interface { get; init; }

    /// <summary>Source for source-specific multicast (RFC 4607); null for any source.</summary>
    public IPAddress? Source { get; init; }

    /// <summary>Networks whose datagrams are accepted. If empty, all are accepted.</summary>
    public ValueList<IPNetwork> AllowedSources { get; init; } = [];

    /// <summary>The requested SO_RCVBUF, in bytes of payload and overhead. Default 8 MiB.</summary>
    public int BufferBytes { get; init; } = 8 << 20;

    public ReceiveTransport Transport { get; init; } = ReceiveTransport.Auto;
}

/// <summary>How datagrams are exchanged with the kernel.</summary>
public enum ReceiveTransport
{
    /// <summary>
    /// The fastest way of the platform that counts every datagram exactly: batched, but each datagram is sent as its own message.
    /// </summary>
    Auto,

    /// <summary>
    /// Linux recvmmsg with UDP_GRO, sendmmsg with UDP_SEGMENT. A traffic shaper may then drop a part of a message uncounted.
    /// </summary>
    Batched,

    /// <summary>System.Net.Sockets, one datagram per call. Works everywhere.</summary>
    Sockets,
}

/// <summary>The field that holds the device's time.</summary>
public sealed record TimeOptions
{
    /// <summary>A top-level long. If null, the first with a timestamp logical type, otherwise one named <c>time</c>.</summary>
    public string? Field { get; init; }

    /// <summary>
    /// Nanoseconds of the field's unit: 1, 1,000, 1,000,000 or 1,000,000,000. If null, from its logical type, otherwise 1.
    /// </summary>
    public long? UnitNs { get; init; }
}

/// <summary>The destination of a stream.</summary>
public record StreamOptions
{
    public bool Enabled { get; init; } = true;

    /// <summary>Multicast group or unicast address, IPv4.</summary>
    public required IPAddress Address { get; init; }

    /// <summary>UDP port, 1 to 65535; 0 for none, only if the stream is not enabled.</summary>
    public required int Port { get; init; }

    /// <summary>Outgoing interface: a name or an IPv4 address. If null, the routing table chooses; loopback if there is no route.</summary>
    public string? Interface { get; init; }

    /// <summary>Hops that a multicast datagram may take, 0 to 255. With 0 it stays on this host. No effect on unicast.</summary>
    public int Ttl { get; init; }

    /// <summary>Whether receivers on this host get the multicast stream.</summary>
    public bool Loopback { get; init; } = true;

    /// <summary>The requested SO_SNDBUF in bytes. Default 4 MiB.</summary>
    public int BufferBytes { get; init; } = 4 << 20;

    /// <summary>Whether the destination is a multicast group.</summary>
    public bool IsMulticast() => AddressText.IsMulticast(Address);

    /// <summary>Returns everything that the socket depends on: destination and way, but not what is sent.</summary>
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

    /// <summary>The time after which a window is closed even if it is not full, 1 ms to 1 d; null for no limit.</summary>
    public TimeSpan? MaxWindow { get; init; }
}

/// <summary>How a window of datagrams is reduced.</summary>
public enum DecimationAlgorithm
{
    /// <summary>To its last record.</summary>
    Downsample,

    /// <summary>To the mean of every number.</summary>
    Average,

    /// <summary>
    /// To two records for every twice <see cref="DecimatedOptions.Factor"/> datagrams: the minimum of every number, then the maximum.
    /// </summary>
    MinMax,

    /// <summary>To the root mean square of every number.</summary>
    Rms,
}

/// <summary>How datagrams are recorded.</summary>
public sealed record ArchiveOptions
{
    public bool Enabled { get; init; } = true;

    public ArchiveCodec Codec { get; init; } = ArchiveCodec.Null;

    /// <summary>Uncompressed payload bytes after which a block is closed. 4 KiB to 64 MiB. Default 256 KiB.</summary>
    public int BlockBytes { get; init; } = 256 << 10;

    /// <summary>The longest time that a datagram waits in memory before its block is written. Default 100 ms.</summary>
    public TimeSpan FlushEvery { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Time between two fdatasync calls for the part file. Default 1 s.</summary>
    public TimeSpan SyncEvery { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Largest size of a file. A block that would exceed it begins a new file. A single block may be larger. Default 256 MiB.
    /// </summary>
    public long RotateBytes { get; init; } = 256L << 20;

    /// <summary>Age at which a file ends, even without data; the next datagram begins a new one. Default 1 h.</summary>
    public TimeSpan RotateEvery { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Which receive times and senders the index records. Default <see cref="ReceiveTimes.Burst"/>.</summary>
    public ReceiveTimes ReceiveTimes { get; init; } = ReceiveTimes.Burst;

    /// <summary>
    /// Age at which a finished file is deleted, counted from its end. 1 s to 36,500 d. If null, age does not matter.
    /// </summary>
    public TimeSpan? RetainFor { get; init; }

    /// <summary>
    /// The largest total size of finished files in bytes. If it is exceeded, the oldest are deleted. From <see cref="RotateBytes"/> up to
    /// 1 PiB; null for no quota.
    /// </summary>
    public long? RetainBytes { get; init; }

    /// <summary>
    /// Free space on the file system below which the oldest files are deleted. Default: 1 GiB, or 5 % of the file system if that is less.
    /// </summary>
    public FreeSpaceFloor MinFreeBytes { get; init; } = FreeSpaceFloor.Suitable;

    /// <summary>Whether the file's header names this host (<c>speeddata.host</c>).</summary>
    public bool HostName { get; init; } = true;

    /// <summary>Returns the options that a writer is opened with: all except retention limits and the options of each file.</summary>
    public ArchiveOptions OfWriter() => new() { Enabled = Enabled, BlockBytes = BlockBytes, FlushEvery = FlushEvery, SyncEvery = SyncEvery, ReceiveTimes = ReceiveTimes };

    /// <summary>Returns the options that a new file takes and then keeps.</summary>
    public ArchiveOptions OfFile() => new ArchiveOptions().WithFile(this);

    /// <summary>Returns these options with the file options of others.</summary>
    public ArchiveOptions WithFile(ArchiveOptions of) => this with { Codec = of.Codec, RotateBytes = of.RotateBytes, RotateEvery = of.RotateEvery, HostName = of.HostName };
}

/// <summary>Which receive times the index beside an archive records.</summary>
public enum ReceiveTimes
{
    /// <summary>Time and source of every burst: about 5 bytes each.</summary>
    Burst,

    /// <summary>The first and last time of each block, and its sources.</summary>
    Block,

    /// <summary>Nothing.</summary>
    Off,
}

/// <summary>A block codec, by Avro's name in the file header.</summary>
public enum ArchiveCodec
{
    Null,
    Deflate,
    Zstandard,
}

/// <summary>The ring between receive and writer thread.</summary>
public sealed record RingOptions
{
    /// <summary>Payload bytes that the ring holds; a power of two, 128 KiB to 1 GiB. Default 8 MiB.</summary>
    public int Bytes { get; init; } = 8 << 20;
}

/// <summary>CPU pinning; null for no pinning.</summary>
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

/// <summary>How recordings are divided into runs.</summary>
public sealed record RunOptions
{
    /// <summary>The longest silence of the channel within a run. If null, the greater of 5 s and ten median intervals.</summary>
    public TimeSpan? Pause { get; init; }
}

/// <summary>How refused datagrams are kept.</summary>
public sealed record RejectOptions
{
    /// <summary>
    /// The largest size of the files that keep them; the first and the latest stay. If null, nothing is kept. Default 64 MiB.
    /// </summary>
    public long? Keep { get; init; } = 64L << 20;
}
