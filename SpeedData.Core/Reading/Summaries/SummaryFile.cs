using System.Runtime.InteropServices;
using System.Text;
using SpeedData.Core.Archive;
using SpeedData.Core.Container;
using SpeedData.Core.Reading.Catalogue;
using SpeedData.Core.Reading.Columns;

namespace SpeedData.Core.Reading.Summaries;

/// <summary>
/// A summary kept beside its archive (<c>….sum</c>) from the first reading on: numbers in the machine's byte order, one array
/// after the other. It is no part of the recording: one that does not fit the archive is made again.
/// </summary>
internal static class SummaryFile
{
    public const string Suffix = ArchiveName.SummarySuffix;

    private const int MostGroups = 1 << 26, MostSignals = Signal.Most;

    private static ReadOnlySpan<byte> Magic => "SDSUM\u00011\n"u8;

    /// <returns>Null where there is none that fits.</returns>
    public static FileSummary? TryRead(FileHead head, uint headerCrc)
    {
        try
        {
            using FileStream stream = File.OpenRead(head.File.Stem + Suffix);
            using var reader = new BinaryReader(new BufferedStream(stream, 1 << 16), Encoding.UTF8);
            return reader.ReadBytes(Magic.Length).AsSpan().SequenceEqual(Magic) && reader.ReadUInt32() == headerCrc && reader.ReadInt64() == head.Bytes ? Read(reader, stream.Length) : null;
        }
        catch (Exception e) when (OpenFile.IsTrouble(e) || e is ArgumentException or FormatException)
        {
            return null;
        }
    }

    /// <summary>Keeps it if possible; a folder that cannot be written is no fault of the reader.</summary>
    public static void TryWrite(FileHead head, uint headerCrc, FileSummary summary)
    {
        string path = head.File.Stem + Suffix, temporary = $"{path}.{Guid.NewGuid().ToString("N")[..8]}";
        try
        {
            using (FileStream stream = File.Create(temporary, 1 << 16))
            using (var writer = new BinaryWriter(stream, Encoding.UTF8))
                Write(writer, head, headerCrc, summary);
            File.Move(temporary, path, overwrite: true);
            // Retention may have deleted the archive meanwhile.
            if (!File.Exists(head.File.Path))
                File.Delete(path);
        }
        catch (Exception e) when (OpenFile.IsTrouble(e))
        {
            TryDelete(temporary);
        }
    }

    private static FileSummary? Read(BinaryReader reader, long length)
    {
        (int groups, int count) = (reader.ReadInt32(), reader.ReadInt32());
        if (groups is < 0 or > MostGroups || count is < 0 or > MostSignals || (long)groups * (count + 1) * 28 > 2 * length)
            return null;
        var signals = new List<SignalGroups>();
        for (int i = 0; i < count; i++)
            signals.Add(new SignalGroups(reader.ReadString(), (ColumnKind)reader.ReadByte()));
        var summary = new FileSummary(signals);
        Fill(reader, summary.Records, groups);
        foreach (List<long> times in (List<long>[])[summary.ReceivedFirst, summary.ReceivedLast, summary.DeviceFirst, summary.DeviceLast])
            Fill(reader, times, groups);
        foreach (SignalGroups signal in signals)
        {
            Fill(reader, signal.Count, groups);
            foreach (List<double> numbers in (List<double>[])[signal.Min, signal.Max, signal.Sum])
                Fill(reader, numbers, groups);
            if (signal.Kind != ColumnKind.Int64)
                continue;
            Fill(reader, signal.LongMin, groups);
            Fill(reader, signal.LongMax, groups);
        }

        return summary;
    }

    private static void Write(BinaryWriter writer, FileHead head, uint headerCrc, FileSummary summary)
    {
        writer.Write(Magic);
        writer.Write(headerCrc);
        writer.Write(head.Bytes);
        writer.Write(summary.Groups);
        writer.Write(summary.Signals.Count);
        foreach (SignalGroups signal in summary.Signals)
        {
            writer.Write(signal.Name);
            writer.Write((byte)signal.Kind);
        }

        Put(writer, summary.Records);
        foreach (List<long> times in (List<long>[])[summary.ReceivedFirst, summary.ReceivedLast, summary.DeviceFirst, summary.DeviceLast])
            Put(writer, times);
        foreach (SignalGroups signal in summary.Signals)
        {
            Put(writer, signal.Count);
            foreach (List<double> numbers in (List<double>[])[signal.Min, signal.Max, signal.Sum])
                Put(writer, numbers);
            if (signal.Kind != ColumnKind.Int64)
                continue;
            Put(writer, signal.LongMin);
            Put(writer, signal.LongMax);
        }
    }

    private static void Put<T>(BinaryWriter writer, List<T> values)
        where T : unmanaged => writer.Write(MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(values)));

    private static void Fill<T>(BinaryReader reader, List<T> values, int count)
        where T : unmanaged
    {
        CollectionsMarshal.SetCount(values, count);
        Span<byte> bytes = MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(values));
        reader.BaseStream.ReadExactly(bytes);
    }

    private static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (OpenFile.IsTrouble(e))
        {
            // It is no worse than before.
        }
    }
}
