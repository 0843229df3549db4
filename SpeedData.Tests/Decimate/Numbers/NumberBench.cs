using SpeedData.Core.Decimate.Numbers;

namespace SpeedData.Tests.Decimate.Numbers;

/// <summary>Feeds accumulators with several fields at once, so that vectors and single values are both used.</summary>
internal static unsafe class NumberBench
{
    /// <summary>Returns the results of each window, field by field.</summary>
    /// <param name="create">Makes an accumulator for a number of fields.</param>
    /// <param name="windows">Windows, with a row for each record and a value for each field.</param>
    public static List<double[]> Run(Func<int, FloatingAccumulator> create, params double[][][] windows)
    {
        int fields = windows[0][0].Length;
        using FloatingAccumulator accumulator = create(fields);
        var results = new List<double[]>();
        foreach (double[][] rows in windows)
        {
            AddInPieces(accumulator, rows);

            double[] result = new double[fields], again = new double[fields];
            fixed (double* to = result)
                accumulator.Write(to, rows.Length);
            fixed (double* to = again)
                accumulator.Write(to, rows.Length);
            Assert.That(again, Is.EqualTo(result), "a second write gives the same result");
            accumulator.Reset();
            results.Add(result);
        }

        return results;
    }

    /// <summary>Adds one row, then two, three and so on, as bursts split windows.</summary>
    private static void AddInPieces(FloatingAccumulator accumulator, double[][] rows)
    {
        double** at = stackalloc double*[FloatingAccumulator.MostRows];
        int piece = 1 + (rows.Length % 3);
        for (int i = 0; i < rows.Length;)
        {
            piece = Math.Min(piece, Math.Min(FloatingAccumulator.MostRows, rows.Length - i));
            double[] pinned = GC.AllocateUninitializedArray<double>(piece * rows[0].Length, pinned: true);
            for (int row = 0; row < piece; row++, i++)
            {
                rows[i].CopyTo(pinned, row * rows[0].Length);
                at[row] = (double*)System.Runtime.InteropServices.Marshal.UnsafeAddrOfPinnedArrayElement(pinned, row * rows[0].Length);
            }

            accumulator.Add(at, piece);
            GC.KeepAlive(pinned);
            piece++;
        }
    }

    /// <summary>Accumulates one column of values. It is repeated, so that every lane of a vector and the rest after it are used.</summary>
    public static double Of(Func<int, FloatingAccumulator> create, params double[] values)
    {
        const int Fields = 17;
        double[] results = Run(create, [.. values.Select(v => Enumerable.Repeat(v, Fields).ToArray())])[0];
        Assert.That(results.Distinct().Count(), Is.EqualTo(1), "all lanes give the same result");
        return results[0];
    }

    public static long Of<T>(params long[] values)
        where T : struct, IIntegerAccumulator
    {
        T accumulator = default;
        foreach (long value in values)
            accumulator.Add(value);
        return accumulator.Result(values.Length);
    }

    /// <summary>Draws random values, either ordinary or such that simple summation fails.</summary>
    public static double[] Values(Random random, int count)
    {
        int kind = random.Next(8);
        double scale = Math.ScaleB(1, random.Next(-1073, 1024));
        double[] values = new double[count];
        for (int i = 0; i < count; i++)
            values[i] = kind < 7 || i % 2 == 0 ? Value(random, kind, scale) : -values[i - 1];
        random.Shuffle(values);
        return values;
    }

    private static double Value(Random random, int kind, double scale) => kind switch
    {
        0 => Math.Sin(random.Next(1000) * Math.PI / 10),
        1 => random.NextDouble() * scale,
        2 => random.Next(-1000, 1000) / 10.0,
        3 => Any(random),
        4 => Math.ScaleB(random.NextDouble() - 0.5, random.Next(-40, 40)),
        5 => Math.ScaleB(random.NextDouble() - 0.5, random.Next(-1074, -1000)),
        6 => (random.Next(2) * 2 - 1) * double.MaxValue * random.NextDouble(),
        _ => random.Next(20) == 0 ? Special(random) : Any(random),
    };

    private static double Any(Random random)
    {
        double value = BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue));
        return double.IsFinite(value) ? value : 0;
    }

    private static double Special(Random random) =>
        new[] { double.NaN, double.NaN, double.PositiveInfinity, 0, -0.0, double.Epsilon, double.MaxValue, -double.MaxValue }[random.Next(8)];
}
