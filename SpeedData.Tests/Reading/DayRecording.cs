using System.Buffers.Binary;
using SpeedData.Core.Archive;
using SpeedData.Core.Archive.Index;
using SpeedData.Core.Container;
using SpeedData.Core.Inspect.Repair;
using SpeedData.Core.Schema;
using SpeedData.Core.Sources;
using SpeedData.Tests.Server.Support;

namespace SpeedData.Tests.Reading;

/// <summary>Recordings at 100 Hz as the server writes them: one file per hour, with an indexed block of ten records every 100 ms.</summary>
internal static class DayRecording
{
    public const string Channel = "example", Signal = "noise";
    public const long StartNs = 1_767_225_600_000_000_000;

    private const int Hz = 100, BlockRecords = 10, BlocksOfAnHour = 3600 * Hz / BlockRecords;
    private const long PeriodNs = 1_000_000_000 / Hz;

    private static readonly string Schema = File.ReadAllText(TestChannels.ExampleSchema);

    /// <summary>Computes the signal's value in a record.</summary>
    public static double NoiseOf(long record) => (((record * 2_654_435_761) & 0xFFFFF) / (double)0x100000) - 0.5;

    /// <param name="root">The archive root.</param>
    /// <param name="hour">Number of the hour.</param>
    /// <param name="blocks">Number of blocks to write.</param>
    /// <param name="isPart">Whether the file is still being written.</param>
    public static void WriteHour(string root, int hour, int blocks = BlocksOfAnHour, bool isPart = false)
    {
        string folder = Path.Combine(root, Channel);
        Directory.CreateDirectory(folder);
        long first = (long)hour * 3600 * Hz;
        var name = new ArchiveName(Channel, (StartNs + (first * PeriodNs)) / 1000);
        IArchiveFiles files = PortableArchiveFiles.ForThisPlatform;
        string path = Path.Combine(folder, isPart ? name.Part : name.Finished), indexPath = Path.Combine(folder, name.Index);
        File.Delete(path);
        File.Delete(indexPath);
        using var writer = ContainerWriter.Create(files, path);
        byte[] header = ContainerHeader.Encode([(ContainerHeader.SchemaKey, Schema), (ContainerHeader.CodecKey, "null"), ("speeddata.channel", Channel)], new byte[ContainerHeader.SyncLength]);
        writer.Begin(header.AsSpan(0, header.Length - ContainerHeader.SyncLength));
        writer.Sync.CopyTo(header.AsSpan(header.Length - ContainerHeader.SyncLength));
        using IndexFile index = IndexFile.Create(files, indexPath, Channel, name, header)!;
        byte[] data = new byte[BlockRecords * 128];
        for (int block = 0; block < blocks; block++)
        {
            long record = first + ((long)block * BlockRecords);
            WrittenBlock written = writer.Block(BlockRecords, data.AsSpan(0, Encode(record, data)));
            index.Add(EntryOf(record, written));
            if (block % 100 == 99)
                index.TryWrite();
        }

        index.TryWrite();
    }

    private static int Encode(long first, byte[] into)
    {
        int at = 0;
        for (long record = first; record < first + BlockRecords; record++)
        {
            at += Varint.Write(into.AsSpan(at), StartNs + (record * PeriodNs));
            at += Varint.Write(into.AsSpan(at), 5);
            "hello"u8.CopyTo(into.AsSpan(at));
            at += 5;
            at += Varint.Write(into.AsSpan(at), record);
            foreach (double value in (ReadOnlySpan<double>)[Math.Sin(record), record % 40, record % 20 < 10 ? 1 : -1, NoiseOf(record)])
            {
                BinaryPrimitives.WriteDoubleLittleEndian(into.AsSpan(at), value);
                at += sizeof(double);
            }
        }

        return at;
    }

    private static IndexEntry EntryOf(long record, WrittenBlock written)
    {
        long ns = StartNs + (record * PeriodNs);
        var entry = new IndexEntry
        {
            Offset = written.Offset,
            Bytes = written.Bytes,
            Records = BlockRecords,
            Ordinal = record,
            ReceivedFirstNs = ns,
            ReceivedLastNs = ns + ((BlockRecords - 1) * PeriodNs),
            DeviceFirstNs = ns,
            DeviceLastNs = ns + ((BlockRecords - 1) * PeriodNs),
            Lost = 0,
            Dropped = default(IndexDrops),
            Crc32C = written.Crc32C,
            HasBursts = true,
        };
        entry.Sources.Add(SourceAddress.IPv4(0x7F000001, 40000));
        for (int i = 0; i < BlockRecords; i++)
            entry.Bursts.Add(new IndexBurst(ns + (i * PeriodNs), 1, 0));
        return entry;
    }
}
