using SpeedData.Core.Export;
using SpeedData.Core.Reading;
using SpeedData.Core.Reading.Catalogue;
using SpeedData.Core.Reading.Columns;
using SpeedData.Core.Reading.Runs;
using SpeedData.Core.Reading.Summaries;
using SpeedData.Tests.Support;

namespace SpeedData.Tests.Fuzz;

/// <summary>
/// Exports random files with random indexes. Each export ends in bounded memory, with rows or with an error message, and
/// invents no record. To run for <see cref="FuzzRun.MinutesVariable"/> minutes:
/// <c>dotnet test -c Release --filter FullyQualifiedName~ExportFuzzTests.For_minutes</c>.
/// </summary>
public sealed class ExportFuzzTests
{
    [Test]
    public void A_few_hundred_files_pass() => FuzzRun.Bounded(600, Case);

    /// <summary>Thousands of columns once took 8 GB for four batches.</summary>
    [TestCase(1808524434)]
    public void A_case_that_once_failed_passes(int seed) => FuzzRun.One(seed, Case);

    [Test]
    [Explicit("Runs for SPEEDDATA_FUZZ_MINUTES minutes, by default 10")]
    public void For_minutes() => FuzzRun.ForMinutes(Case);

    private static void Case(Random random)
    {
        MadeFile made = RandomFile.Any(random);
        byte[] bytes = random.Next(4) switch
        {
            0 => made.Bytes[..random.Next(made.Bytes.Length)],
            1 => RandomFile.Hostile(random),
            _ => FileDamage.Of(made.Bytes, random),
        };
        using var folder = new TempFolder();
        string path = Path.Combine(folder.Path, random.Next(2) == 0 ? "f.avro" : "f.avro.part");
        File.WriteAllBytes(path, bytes);
        if (random.Next(3) == 0)
            File.WriteAllBytes(Path.Combine(folder.Path, "f.idx"), FileDamage.Of(made.Bytes, random));
        Read(path, random, made.Codec == "null" ? bytes : null);
        string summary = Path.Combine(folder.Path, "f.sum");
        if (!File.Exists(summary))
            return;
        File.WriteAllBytes(summary, FileDamage.Of(File.ReadAllBytes(summary), random));
        Read(path, random, null);
    }

    private static void Read(string path, Random random, byte[]? plain)
    {
        try
        {
            RecordedChannel channel = ArchiveCatalogue.Find(path).Single();
            _ = RecordedRun.Find([channel], _ => null, CancellationToken.None);
            TimeRange range = random.Next(3) == 0 ? new TimeRange(random.NextInt64() >> random.Next(64), null, (RangeClock)random.Next(2)) : default;
            if (random.Next(4) == 0)
                FileSummaries.Keep([channel], 1 << 20, CancellationToken.None);
            ChannelSelection[] selection = ChannelSelection.Of([channel], range);
            NothingInvented(selection[0], plain);
            var options = new ExportOptions((ExportFormat)random.Next(5), random.Next(1, 4), random.Next(4) == 0 ? 50 : null, random.Next(6) == 0 ? 1_000_000_000 : null, IsLossy: true);
            TableExport.Run(selection, FieldChoice.All, options, new BoundedStream(), null, CancellationToken.None);
        }
        catch (ReadingException e)
        {
            Assert.That(e.Message, Is.Not.Empty);
        }
        catch (BoundedStream.FullException)
        {
            // A small file may decode to many rows.
        }
    }

    /// <summary>Asserts that each exported record is in the file, if nothing is compressed.</summary>
    private static void NothingInvented(ChannelSelection channel, byte[]? plain)
    {
        if (plain is null || channel.Files.Count == 0)
            return;
        using var records = new RecordFilter(channel, 1, CancellationToken.None);
        for (int i = 0; i < 200 && records.MoveNext(); i++)
            Assert.That(plain.AsSpan().IndexOf(records.Record), Is.GreaterThanOrEqualTo(0));
    }

    /// <summary>A stream that takes a few megabytes and then fails.</summary>
    private sealed class BoundedStream : MemoryStream
    {
        private const int Most = 16 << 20;

        private long _written;

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            _written += buffer.Length;
            if (_written > Most)
                throw new FullException();
        }

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public sealed class FullException : Exception;
    }
}
