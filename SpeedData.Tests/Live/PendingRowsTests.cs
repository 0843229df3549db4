using System.Runtime.InteropServices;
using SpeedData.Core.Live;

namespace SpeedData.Tests.Live;

public sealed class PendingRowsTests
{
    private const double Width = 50;

    [Test]
    public void Rows_that_are_read_in_time_are_unchanged()
    {
        var rows = new PendingRows(1, Width);
        rows.Add(Row(100, 3, 1, 5, 2, 4));
        rows.Add(Row(200, 1, 7, 7, 7, 7));

        (double[][] taken, double width) = Take(rows);

        Assert.Multiple(() =>
        {
            Assert.That(width, Is.EqualTo(Width));
            Assert.That(taken, Is.EqualTo(new[] { Row(100, 3, 1, 5, 2, 4), Row(200, 1, 7, 7, 7, 7) }));
            Assert.That(rows.Any, Is.False);
        });
    }

    [Test]
    public void Unread_rows_are_merged_and_keep_every_extreme_record_and_loss()
    {
        var rows = new PendingRows(1, Width);
        const int Added = 10_000;
        for (int i = 0; i < Added; i++)
        {
            double[] row = Row(i * Width, 2, i == 77 ? -1e9 : i, i == 8_000 ? 1e9 : i, i, i);
            row[RowCells.Kernel] = 1;
            rows.Add(row);
        }

        (double[][] taken, double width) = Take(rows);

        Assert.Multiple(() =>
        {
            Assert.That(taken, Has.Length.LessThanOrEqualTo(16));
            Assert.That(width / Width, Is.EqualTo(Math.Pow(2, Math.Round(Math.Log2(width / Width)))));
            Assert.That(taken.Select(row => row[RowCells.Start]), Is.Ordered.And.All.Matches<double>(start => start % width == 0));
            Assert.That(taken.Sum(row => row[RowCells.Count]), Is.EqualTo(2 * Added));
            Assert.That(taken.Sum(row => row[RowCells.Kernel]), Is.EqualTo(Added));
            Assert.That(taken.Min(row => row[RowCells.Head]), Is.EqualTo(-1e9));
            Assert.That(taken.Max(row => row[RowCells.Head + 1]), Is.EqualTo(1e9));
            Assert.That(taken.Sum(row => row[RowCells.Head + 2] * row[RowCells.Head + 4]) / (2 * Added), Is.EqualTo((Added - 1) / 2.0).Within(1e-6));
            Assert.That(taken[^1][RowCells.Head + 3], Is.EqualTo(Added - 1), "the last value is the present one");
        });
    }

    [Test]
    public void A_client_that_reads_again_gets_the_requested_width()
    {
        var rows = new PendingRows(1, Width);
        for (int i = 0; i < 100; i++)
            rows.Add(Row(i * Width, 1, 0, 0, 0, 0));
        Take(rows);
        rows.Add(Row(100 * Width, 1, 0, 0, 0, 0));

        Assert.That(Take(rows).Width, Is.EqualTo(Width));
    }

    [Test]
    public void Rows_far_apart_do_not_pile_up_either()
    {
        var rows = new PendingRows(1, Width);
        for (int i = 0; i < 40; i++)
            rows.Add(Row(Math.Pow(3, i) * Width, 1, 0, 0, 0, 0));

        Assert.That(Take(rows).Rows, Has.Length.LessThanOrEqualTo(16));
    }

    [Test]
    public void Two_thousand_signals_take_less_than_half_a_megabyte() =>
        Assert.That(new PendingRows(2_000, Width).MostBytes, Is.LessThan(512 << 10));

    private static double[] Row(double start, double records, double min, double max, double mean, double last) =>
        [start, start + 1, start + 2, records, 0, 0, 0, 0, min, max, mean, last, records];

    private static (double[][] Rows, double Width) Take(PendingRows rows)
    {
        byte[] bytes = new byte[rows.MostBytes];
        (int count, double width) = rows.Take(bytes);
        double[] cells = MemoryMarshal.Cast<byte, double>(bytes).ToArray();
        return ([.. Enumerable.Range(0, count).Select(i => cells[(i * rows.Cells)..((i + 1) * rows.Cells)])], width);
    }
}
