using SpeedData.Tests.Archive;

namespace SpeedData.Tests.Import;

/// <summary>A file in the predecessor's format, made only from the format's description.</summary>
internal sealed class FrameFile
{
    public static readonly byte[] Marker = Convert.FromHexString("a48a1e90050424780a68337fc2509563");

    private readonly List<byte> _bytes = [];

    /// <summary>Offset of each frame, and the end of the last one.</summary>
    public List<int> Starts { get; } = [0];

    public byte[] Bytes => [.. _bytes];

    public static FrameFile Of(IEnumerable<byte[]> payloads)
    {
        var file = new FrameFile();
        foreach (byte[] payload in payloads)
            file.Add(payload);
        return file;
    }

    public void Add(byte[] payload)
    {
        _bytes.Add(2);
        int zigzag = payload.Length * 2;
        for (; zigzag > 127; zigzag >>= 7)
            _bytes.Add((byte)(zigzag | 128));
        _bytes.Add((byte)zigzag);
        _bytes.AddRange(payload);
        _bytes.AddRange(Marker);
        Starts.Add(_bytes.Count);
    }

    /// <summary>Makes records of <see cref="TestRecord"/> with many lengths.</summary>
    public static byte[][] Records(int count, int from = 0) => [.. Enumerable.Range(from, count).Select(i => new TestRecord(i, new string((char)('a' + (i % 26)), i * 37 % 200)).Encode())];
}
