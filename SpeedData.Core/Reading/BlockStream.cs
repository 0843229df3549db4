using SpeedData.Core.Archive.Index;
using SpeedData.Core.Container;
using SpeedData.Core.Reading.Catalogue;

namespace SpeedData.Core.Reading;

/// <summary>
/// Reads the decoded blocks of a channel in a range, file after file. Checks each block against its checksum in the index and its schema,
/// so that no record is invented. Counts invalid blocks and leaves them out. One thread.
/// </summary>
internal sealed class BlockStream(ChannelSelection channel, CancellationToken stop) : IDisposable
{
    private readonly SchemaCache _schemas = channel.Schemas;
    private readonly Dictionary<string, BlockDecoder?> _decoders = new(StringComparer.Ordinal);
    private FileBlocks? _blocks;
    private byte[] _held = [];
    private int _length;
    private int _file = -1;
    private long _doneBefore;
    private long _damagedBefore;
    private long _bad;

    public OpenArchive File { get; private set; } = null!;

    /// <summary>The index entry of the block; null if the index lacks it.</summary>
    public IndexEntry? Entry { get; private set; }

    /// <summary>Whether the file has receive times.</summary>
    public bool HasTimes => _blocks!.HasTimes;

    /// <summary>The decoded records of the block.</summary>
    public ReadOnlySpan<byte> Data => _held.AsSpan(0, _length);

    public long Records { get; private set; }

    /// <summary>Number of records of the block that were read or skipped.</summary>
    public long Taken { get; private set; }

    public int Position { get; private set; }

    public long Rest => Records - Taken;

    public bool HasRest => Rest > 0;

    public long BytesDone { get; private set; }

    /// <summary>Number of blocks and damaged parts that could not be read.</summary>
    public long Damaged => _bad + _damagedBefore + (_blocks?.Damaged ?? 0);

    /// <summary>Moves to the next intact block that may overlap the range.</summary>
    /// <exception cref="ReadingException">A file cannot be read.</exception>
    public bool MoveNext()
    {
        while (true)
        {
            stop.ThrowIfCancellationRequested();
            try
            {
                while (_blocks?.MoveNext() is true)
                {
                    BytesDone = _doneBefore + _blocks.Current.Frame.End;
                    if (TryHold(_blocks.Current))
                        return true;
                }
            }
            catch (IOException e)
            {
                throw new ReadingException($"{File.File.Path} cannot be read to its end: {e.Message}", e);
            }

            if (!NextFile())
                return false;
        }
    }

    public void Pass(int records, int position)
    {
        Taken += records;
        Position = position;
    }

    public void Dispose() => Close();

    private bool NextFile()
    {
        Close();
        if (++_file >= channel.Files.Count)
            return false;
        ListedFile file = channel.Files[_file].File;
        File = OpenArchive.TryOpen(file, _schemas, out string? why, channel.Window)
            ?? throw new ReadingException($"{file.Path} cannot be read: {(System.IO.File.Exists(file.Path) ? why : "it was deleted while it was read, by retention or by hand")}");
        if (File.Layout is not { FixedSize: not 0 })
            throw new ReadingException($"{file.Path}: {(File.Layout is null ? $"its schema cannot be used: {File.SchemaFault}" : "its records take no bytes")}");
        if (!_decoders.TryGetValue(File.Reader.Header.Codec, out BlockDecoder? decoder))
            _decoders.Add(File.Reader.Header.Codec, decoder = BlockDecoder.For(File.Reader.Header.Codec));
        if (decoder is null)
            throw new ReadingException($"{file.Path}: its codec '{File.Reader.Header.Codec}' is not supported; {BlockDecoder.Codecs} are");
        _blocks = new FileBlocks(File, channel.Range, channel.Part, stop, channel.Window);
        return true;
    }

    private void Close()
    {
        if (_blocks is null)
            return;
        _damagedBefore += _blocks.Damaged;
        _doneBefore += File.Reader.Length;
        BytesDone = _doneBefore;
        _blocks.Dispose();
        File.Dispose();
        _blocks = null;
    }

    private bool TryHold(in IndexedBlock block)
    {
        BlockFrame frame = block.Frame;
        ReadOnlySpan<byte> bytes = File.Reader.Bytes(frame.Offset, (int)(frame.End - frame.Offset));
        bool isWhole = bytes.Length == frame.End - frame.Offset
            && (block.Entry is null || block.Entry.Crc32C == Crc32C.Append(0, bytes))
            && Decode(bytes.Slice((int)(frame.DataOffset - frame.Offset), (int)frame.DataLength), frame.Records);
        if (!isWhole)
        {
            _bad++;
            return false;
        }

        (Entry, Records, Taken, Position) = (block.Entry, frame.Records, 0, 0);
        return true;
    }

    private bool Decode(ReadOnlySpan<byte> stored, long records)
    {
        if (_decoders[File.Reader.Header.Codec]!.Decode(stored, out ReadOnlySpan<byte> decoded) != DecodeOutcome.Whole)
            return false;
        RecordCount count = RecordCount.Of(File.Layout!, decoded, records);
        if (count.Records != records || count.Length != decoded.Length)
            return false;
        if (_held.Length < decoded.Length)
            _held = GC.AllocateUninitializedArray<byte>(decoded.Length);
        decoded.CopyTo(_held);
        _length = decoded.Length;
        return true;
    }
}
