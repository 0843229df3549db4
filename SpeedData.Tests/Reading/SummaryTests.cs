using System.Globalization;
using SpeedData.Core.Archive;
using SpeedData.Core.Archive.Index;
using SpeedData.Core.Reading.Catalogue;
using SpeedData.Core.Reading.Summaries;
using SpeedData.Tests.Support;

namespace SpeedData.Tests.Reading;

/// <summary>Points of a long recording, made from summaries. They are exact, and each summary is made once.</summary>
public sealed class SummaryTests : CommandFixture
{
    /// <summary>Environment variable with the folder that <see cref="Write_a_day_to_measure"/> writes to.</summary>
    private const string DayVariable = "SPEEDDATA_DAY";

    [Test]
    public async Task Points_have_the_exact_minimum_and_maximum_of_their_records()
    {
        DayRecording.WriteHour(Folder.Path, 0, blocks: 6000);
        DayRecording.WriteHour(Folder.Path, 1, blocks: 3000);
        long[] records = [.. Enumerable.Range(0, 60_000).Select(i => (long)i), .. Enumerable.Range(0, 30_000).Select(i => 360_000L + i)];
        foreach (string most in (string[])["20", "2000"])
        {
            int at = 0;
            foreach (string[] row in await PointsAsync("--max-points", most))
            {
                double[] values = [.. records.AsSpan(at, int.Parse(row[^1], CultureInfo.InvariantCulture)).ToArray().Select(DayRecording.NoiseOf)];
                at += values.Length;
                Assert.That((Number(row[3]), Number(row[4])), Is.EqualTo((values.Min(), values.Max())));
                Assert.That(Number(row[5]), Is.EqualTo(values.Average()).Within(1e-9));
            }

            Assert.That(at, Is.EqualTo(records.Length));
        }
    }

    [Test]
    public async Task The_summary_of_a_growing_file_grows_with_it()
    {
        (byte[] archive, byte[] index, (long Archive, long Index)[] ends) = Hour(blocks: 9000);
        string folder = Path.Combine(Folder.Path, DayRecording.Channel), part = Directory.EnumerateFiles(folder).Single(file => file.EndsWith(FileSuffix.Part, StringComparison.Ordinal));
        string stem = part[..^FileSuffix.Part.Length], summary = stem + FileSuffix.Summary;
        long before = 0;
        foreach (int blocks in (int[])[2500, 2600, 5000, 8999])
        {
            // The index of a growing file is a few blocks behind.
            File.WriteAllBytes(part, archive[..(int)ends[blocks].Archive]);
            File.WriteAllBytes(stem + FileSuffix.Index, index[..(int)ends[blocks - 7].Index]);
            string[][] points = await PointsAsync("--max-points", "50");
            string[][] again = await PointsAsync("--max-points", "50");
            byte[] kept = File.ReadAllBytes(summary);
            File.Delete(summary);
            Assert.That(points, Is.EqualTo(await PointsAsync("--max-points", "50")).And.EqualTo(again), $"with {blocks} blocks");
            File.WriteAllBytes(summary, kept);
            long covered = BitConverter.ToInt64(kept, 8);
            Assert.That(covered, Is.LessThanOrEqualTo(ends[blocks - 7].Archive).And.GreaterThanOrEqualTo(before), "the summary has no blocks without known times");
            before = covered;
        }

        File.Move(part, stem + FileSuffix.Archive);
        File.WriteAllBytes(stem + FileSuffix.Archive, archive);
        File.WriteAllBytes(stem + FileSuffix.Index, index);
        string[][] finished = await PointsAsync("--max-points", "50");
        Assert.That(BitConverter.ToInt64(File.ReadAllBytes(summary), 8), Is.EqualTo(archive.Length));
        File.Delete(summary);
        Assert.That(finished, Is.EqualTo(await PointsAsync("--max-points", "50")));
    }

    [Test]
    public async Task Summaries_are_made_in_advance_smallest_first_and_within_the_limit()
    {
        DayRecording.WriteHour(Folder.Path, 0, blocks: 3000);
        DayRecording.WriteHour(Folder.Path, 1, blocks: 100);
        FileSummaries.Keep(ArchiveCatalogue.Find(Folder.Path), 100_000, CancellationToken.None);
        Assert.That(Summaries().Select(Path.GetFileName), Is.EqualTo(new[] { "example-20260101T010000.000000Z.sum" }));
        await Run.TextAsync("summarize", Folder.Path);
        Assert.That(Summaries(), Has.Count.EqualTo(2));
    }

    [Test]
    public async Task A_summary_that_is_damaged_or_belongs_to_another_file_is_replaced()
    {
        DayRecording.WriteHour(Folder.Path, 0, blocks: 300);
        string[][] right = await PointsAsync("--max-points", "5");
        string summary = Summaries().Single();
        byte[] whole = File.ReadAllBytes(summary);
        foreach (int length in (int[])[0, 7, 20, 40, whole.Length / 2, whole.Length - 1])
        {
            File.WriteAllBytes(summary, whole[..length]);
            Assert.That(await PointsAsync("--max-points", "5"), Is.EqualTo(right), $"cut to {length} bytes");
        }

        File.WriteAllBytes(summary, whole);
        DayRecording.WriteHour(Folder.Path, 0, blocks: 400);
        Assert.That((await PointsAsync("--max-points", "5")).Sum(row => int.Parse(row[^1], CultureInfo.InvariantCulture)), Is.EqualTo(4000));
    }

    [Test]
    [Explicit("Writes 24 hours at 100 Hz, 0.6 GB, to the folder in " + DayVariable)]
    public void Write_a_day_to_measure() =>
        Parallel.For(0, 24, hour => DayRecording.WriteHour(Environment.GetEnvironmentVariable(DayVariable)!, hour));

    [Test]
    [Explicit("Writes 10,000 files of five blocks, to the folder in " + DayVariable)]
    public void Write_ten_thousand_files_to_measure() =>
        Parallel.For(0, 10_000, hour => DayRecording.WriteHour(Environment.GetEnvironmentVariable(DayVariable)!, hour, blocks: 5));

    private List<string> Summaries() => [.. Directory.EnumerateFiles(Path.Combine(Folder.Path, DayRecording.Channel), "*" + FileSuffix.Summary).Order(StringComparer.Ordinal)];

    /// <summary>Returns the bytes of a part file and of its index, and the end of each block in both.</summary>
    private (byte[] Archive, byte[] Index, (long Archive, long Index)[] Ends) Hour(int blocks)
    {
        DayRecording.WriteHour(Folder.Path, 0, blocks, isPart: true);
        string part = Directory.EnumerateFiles(Path.Combine(Folder.Path, DayRecording.Channel), "*" + FileSuffix.Part).Single();
        string index = part[..^FileSuffix.Part.Length] + FileSuffix.Index;
        var ends = new List<(long, long)>();
        using IndexCursor cursor = IndexCursor.TryOpen(index)!;
        while (cursor.MoveNext())
            ends.Add((cursor.Current!.Offset + cursor.Current.Bytes, cursor.End));
        return (File.ReadAllBytes(part), File.ReadAllBytes(index), [.. ends]);
    }

    private async Task<string[][]> PointsAsync(params string[] options)
    {
        string text = await Run.TextAsync(["export", Folder.Path, "--channel", DayRecording.Channel, "--fields", DayRecording.Signal, "--format", "csv", "--output", "-", .. options]);
        string[] lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        Assert.That(lines[0], Is.EqualTo("time,time_ns,elapsed,noise_min,noise_max,noise_mean,received_time,count"));
        return [.. lines.Skip(1).Select(line => line.Split(','))];
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
