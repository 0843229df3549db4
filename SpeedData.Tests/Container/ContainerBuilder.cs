using System.Text;
using SpeedData.Core.Container;
using SpeedData.Core.Schema;

namespace SpeedData.Tests.Container;

/// <summary>Builds container files as any writer may make them, including invalid ones.</summary>
internal sealed class ContainerBuilder
{
    public const string LongSchema = """{"type":"record","name":"r","fields":[{"name":"n","type":"long"}]}""";

    private readonly List<byte> _bytes = [];

    public static byte[] Sync { get; } = [.. Enumerable.Range(1, ContainerHeader.SyncLength).Select(i => (byte)(i * 37))];

    /// <summary>Offset of the header's end.</summary>
    public int HeaderLength { get; private set; }

    /// <summary>Offset of each block's start.</summary>
    public List<int> Starts { get; } = [];

    public byte[] Bytes => [.. _bytes];

    public BytesReader Reader() => new(ContainerReader.Open(new Support.BytesSource(Bytes), out ContainerFault? fault), fault);

    /// <summary>Starts a file whose header has one metadata block.</summary>
    public static ContainerBuilder Of(string schema, string? codec)
    {
        var file = new ContainerBuilder();
        (string, string)[] metadata = codec is null ? [("avro.schema", schema)] : [("avro.schema", schema), ("avro.codec", codec)];
        return file.Magic().Entries(metadata.Length, metadata).EndHeader();
    }

    public ContainerBuilder Magic() => Raw("Obj\u0001"u8);

    /// <summary>Adds a block of metadata.</summary>
    /// <param name="count">Stated number of entries. If it is negative, the size follows.</param>
    /// <param name="entries">Entries of the block.</param>
    public ContainerBuilder Entries(long count, params (string Key, string Value)[] entries)
    {
        var inner = new ContainerBuilder();
        foreach ((string key, string value) in entries)
            inner.Text(key).Text(value);
        Number(count);
        if (count < 0)
            Number(inner.Bytes.Length);
        return Raw(inner.Bytes);
    }

    public ContainerBuilder EndHeader()
    {
        Number(0).Raw(Sync);
        HeaderLength = _bytes.Count;
        return this;
    }

    /// <summary>Adds a block of records in the file's codec.</summary>
    public ContainerBuilder Block(string codec, long count, ReadOnlySpan<byte> records) => Frame(count, ForeignCodec.Encode(codec, records));

    public ContainerBuilder Frame(long count, ReadOnlySpan<byte> data)
    {
        Starts.Add(_bytes.Count);
        return Number(count).Number(data.Length).Raw(data).Raw(Sync);
    }

    public ContainerBuilder Number(long value)
    {
        Span<byte> bytes = stackalloc byte[Varint.MaxBytes];
        return Raw(bytes[..Varint.Write(bytes, value)]);
    }

    public ContainerBuilder Text(string text) => Number(Encoding.UTF8.GetByteCount(text)).Raw(Encoding.UTF8.GetBytes(text));

    public ContainerBuilder Raw(ReadOnlySpan<byte> bytes)
    {
        _bytes.AddRange(bytes);
        return this;
    }

    /// <summary>Encodes records of <see cref="LongSchema"/>.</summary>
    public static byte[] Longs(params long[] values)
    {
        var builder = new ContainerBuilder();
        foreach (long value in values)
            builder.Number(value);
        return builder.Bytes;
    }
}

/// <summary>Result of opening a file.</summary>
internal sealed record BytesReader(ContainerReader? File, ContainerFault? Fault);
