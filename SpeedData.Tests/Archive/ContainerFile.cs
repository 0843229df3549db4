using System.IO.Compression;
using System.Text;
using ZstdSharp;

namespace SpeedData.Tests.Archive;

/// <summary>A strict reader of object container files, written from the specification and not from the writer.</summary>
internal sealed class ContainerFile
{
    private readonly byte[] _bytes;
    private int _at;

    public ContainerFile(string path)
    {
        _bytes = File.ReadAllBytes(path);
        Assert.That(Take(4), Is.EqualTo("Obj\u0001"u8.ToArray()), path);
        for (long count = TakeLong(); count != 0; count = TakeLong())
        {
            for (long i = 0; i < count; i++)
                Metadata.Add(Encoding.UTF8.GetString(Take(TakeLong())), Encoding.UTF8.GetString(Take(TakeLong())));
        }
        Sync = Take(16);
        while (_at < _bytes.Length)
        {
            BlockStarts.Add(_at);
            long count = TakeLong();
            byte[] stored = Take(TakeLong());
            Blocks.Add((count, stored, Decode(Metadata["avro.codec"], stored)));
            Assert.That(Take(16), Is.EqualTo(Sync), "sync marker");
            BlockEnds.Add(_at);
        }
    }

    public Dictionary<string, string> Metadata { get; } = [];

    public byte[] Sync { get; }

    /// <summary>Offset of each block's start.</summary>
    public List<int> BlockStarts { get; } = [];

    /// <summary>Offset of each block's end.</summary>
    public List<int> BlockEnds { get; } = [];

    public List<(long Count, byte[] Stored, byte[] Data)> Blocks { get; } = [];

    /// <summary>Decodes the records of all blocks. Each block must hold its stated number of records, to the byte.</summary>
    public List<TestRecord> Records()
    {
        var records = new List<TestRecord>();
        foreach ((long count, _, byte[] data) in Blocks)
        {
            int at = 0;
            for (long i = 0; i < count; i++)
                records.Add(TestRecord.Decode(data, ref at));
            Assert.That(at, Is.EqualTo(data.Length), "bytes after the block's last record");
        }
        return records;
    }

    public static byte[] Decode(string codec, byte[] stored)
    {
        switch (codec)
        {
            case "null":
                return stored;
            case "deflate":
                using (var output = new MemoryStream())
                {
                    using var inflate = new DeflateStream(new MemoryStream(stored), CompressionMode.Decompress);
                    inflate.CopyTo(output);
                    return output.ToArray();
                }
            case "zstandard":
                using (var decompressor = new Decompressor())
                    return decompressor.Unwrap(stored).ToArray();
            case var other:
                throw new InvalidDataException(other);
        }
    }

    private byte[] Take(long length)
    {
        byte[] taken = _bytes[_at..checked((int)(_at + length))];
        _at += taken.Length;
        return taken;
    }

    private long TakeLong() => TestRecord.DecodeLong(_bytes, ref _at);
}
