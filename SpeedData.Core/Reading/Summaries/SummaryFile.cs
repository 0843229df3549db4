using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using SpeedData.Core.Archive;
using SpeedData.Core.Container;
using SpeedData.Core.Reading.Catalogue;
using SpeedData.Core.Reading.Columns;

namespace SpeedData.Core.Reading.Summaries;

/// <summary>
/// A summary stored next to its archive (<c>….sum</c>): numbers in the machine's byte order, one array after the other. It is not part of
/// the recording. If it does not match the archive, it is created again. It may cover only the beginning of a growing file.
/// </summary>
internal static class SummaryFile
{
    private const int MostGroups = 1 << 26, MostSignals = Signal.Most, BytesOfNumbers = sizeof(int) + (3 * sizeof(double)), BytesOfLongs = 2 * sizeof(long);

    private static ReadOnlySpan<byte> Magic => "SDSUM\u00012\n"u8;

    /// <summary>Returns the number of archive bytes that the stored summary covers; 0 without one.</summary>
    public static long Covered(ListedFile file)
    {
        try
        {
            using FileStream stream = Open(file, bufferSize: 0);
            Span<byte> begin = stackalloc byte[Magic.Length + sizeof(long)];
            stream.ReadExactly(begin);
            return begin.StartsWith(Magic) ? Math.Max(0, BinaryPrimitives.ReadInt64LittleEndian(begin[Magic.Length..])) : 0;
        }
        catch (Exception e) when (OpenFile.IsTrouble(e))
        {
            return 0;
        }
    }

    /// <returns>Null if there is no matching summary.</returns>
    public static FileSummary? TryRead(FileHead head, Func<string, bool> isWanted)
    {
        try
        {
            using FileStream stream = Open(head.File, 64 << 10);
            using var reader = new BinaryReader(stream, Encoding.UTF8);
            if (!reader.ReadBytes(Magic.Length).AsSpan().SequenceEqual(Magic))
                return null;
            long covered = reader.ReadInt64();
            bool fits = reader.ReadUInt32() == head.HeaderCrc && reader.ReadBoolean() == HasTimes(head) && covered > 0 && covered <= head.Bytes;
            return fits ? Read(reader, head, covered, isWanted) : null;
        }
        catch (Exception e) when (OpenFile.IsTrouble(e) || e is ArgumentException or FormatException)
        {
            return null;
        }
    }

    /// <summary>Stores a summary if possible. A folder that is not writable is not an error.</summary>
    public static void TryWrite(FileHead head, FileSummary summary)
    {
        // A fixed name, so that the next writer overwrites the file of a killed one.
        string path = PathOf(head.File), temporary = path + FileSuffix.New;
        if (TryCreate(temporary) is not { } stream)
            return;
        try
        {
            using (stream)
            using (var writer = new BinaryWriter(stream, Encoding.UTF8))
                Write(writer, head, summary);
            File.Move(temporary, path, overwrite: true);
            // Retention may have deleted the archive meanwhile.
            if (!File.Exists(head.File.Path) && !File.Exists(head.File.Finished.Path))
                File.Delete(path);
        }
        catch (Exception e) when (OpenFile.IsTrouble(e))
        {
            TryDelete(temporary);
        }
    }

    /// <returns>Null if the file cannot be written, or another process writes it.</returns>
    private static FileStream? TryCreate(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16);
        }
        catch (Exception e) when (OpenFile.IsTrouble(e))
        {
            return null;
        }
    }

    private static string PathOf(ListedFile file) => file.Stem + FileSuffix.Summary;

    private static FileStream Open(ListedFile file, int bufferSize) => new(PathOf(file), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize);

    // A summary created without an index lacks receive times.
    private static bool HasTimes(FileHead head) => head.ReceivedFirstNs is not null;

    private static FileSummary? Read(BinaryReader reader, FileHead head, long covered, Func<string, bool> isWanted)
    {
        (int groups, int count) = (reader.ReadInt32(), reader.ReadInt32());
        if (groups is < 0 or > MostGroups || count is < 0 or > MostSignals || (long)groups * (count + 1) * BytesOfNumbers > 2 * reader.BaseStream.Length)
            return null;
        var signals = new List<SignalGroups>();
        for (int i = 0; i < count; i++)
            signals.Add(new SignalGroups(reader.ReadString(), (ColumnKind)reader.ReadByte()));
        if (!signals.Select(signal => (signal.Name, signal.Kind)).SequenceEqual(FileSummary.Numeric(head).Select(signal => (signal.Name, signal.Kind))))
            return null;
        var summary = new FileSummary([.. signals.Where(signal => isWanted(signal.Name))]) { Covered = covered };
        Fill(reader, summary.Records, groups);
        foreach (List<long> times in (List<long>[])[summary.ReceivedFirst, summary.ReceivedLast, summary.DeviceFirst, summary.DeviceLast])
            Fill(reader, times, groups);
        foreach (SignalGroups signal in signals)
        {
            if (isWanted(signal.Name))
                Fill(reader, signal, groups);
            else
                reader.BaseStream.Seek((long)groups * (BytesOfNumbers + (signal.Kind == ColumnKind.Int64 ? BytesOfLongs : 0)), SeekOrigin.Current);
        }

        return summary;
    }

    private static void Fill(BinaryReader reader, SignalGroups signal, int groups)
    {
        Fill(reader, signal.Count, groups);
        foreach (List<double> numbers in (List<double>[])[signal.Min, signal.Max, signal.Sum])
            Fill(reader, numbers, groups);
        if (signal.Kind != ColumnKind.Int64)
            return;
        Fill(reader, signal.LongMin, groups);
        Fill(reader, signal.LongMax, groups);
    }

    private static void Write(BinaryWriter writer, FileHead head, FileSummary summary)
    {
        writer.Write(Magic);
        writer.Write(summary.Covered);
        writer.Write(head.HeaderCrc);
        writer.Write(HasTimes(head));
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
            // A summary that cannot be deleted does no harm.
        }
    }
}
