namespace SpeedData.Core.Live;

/// <summary>The cells of a row, which is one bucket of a table (docs/live-protocol.md).</summary>
public static class RowCells
{
    public const int Start = 0, Received = 1, Device = 2, Count = 3, Kernel = 4, Recording = 5, Refused = 6, Tap = 7;

    /// <summary>Number of cells before the first signal.</summary>
    public const int Head = 8;

    /// <summary>Number of cells per signal.</summary>
    public const int PerSignal = 5;

    internal const int Min = 0, Max = 1, Mean = 2, Last = 3, Values = 4;

    public static int Of(int signals) => Head + (PerSignal * signals);

    internal static double Milliseconds(long ns) => (ns / 1_000_000) + (ns % 1_000_000 / 1e6);

    /// <summary>Merges a later row into a row, so that both become one bucket.</summary>
    internal static void Merge(Span<double> into, ReadOnlySpan<double> later)
    {
        if (later[Count] > 0)
            (into[Received], into[Device]) = (later[Received], later[Device]);
        for (int signal = Head; signal < into.Length; signal += PerSignal)
            MergeSignal(into.Slice(signal, PerSignal), later.Slice(signal, PerSignal), later[Count] > 0);
        for (int cell = Count; cell < Head; cell++)
            into[cell] += later[cell];
    }

    private static void MergeSignal(Span<double> into, ReadOnlySpan<double> later, bool hasRecords)
    {
        if (hasRecords)
            into[Last] = later[Last];
        double values = into[Values] + later[Values];
        if (later[Values] == 0)
            return;
        if (into[Values] == 0)
        {
            (into[Min], into[Max], into[Mean]) = (later[Min], later[Max], later[Mean]);
        }
        else
        {
            into[Min] = Math.Min(into[Min], later[Min]);
            into[Max] = Math.Max(into[Max], later[Max]);
            into[Mean] = (into[Mean] * (into[Values] / values)) + (later[Mean] * (later[Values] / values));
        }

        into[Values] = values;
    }
}
