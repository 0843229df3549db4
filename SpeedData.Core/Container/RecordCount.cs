using SpeedData.Core.Schema;

namespace SpeedData.Core.Container;

/// <summary>What a walk over the records of a block has found.</summary>
/// <param name="Records">Whole records from the start.</param>
/// <param name="Length">Their bytes.</param>
/// <param name="Last">Where the last of them begins.</param>
/// <param name="Fault">Why it ended there; none if it found all that was asked for.</param>
public readonly record struct RecordCount(long Records, int Length, int Last, RecordFaultKind Fault)
{
    /// <summary>Walks over records that follow one another.</summary>
    /// <param name="layout">What they are.</param>
    /// <param name="bytes">Bytes that may be anything.</param>
    /// <param name="most">How many to look for.</param>
    public static RecordCount Of(RecordLayout layout, ReadOnlySpan<byte> bytes, long most)
    {
        if (layout.FixedSize is int size)
            return OfFixed(size, bytes.Length, most);
        long records = 0;
        int at = 0, last = 0;
        while (records < most)
        {
            RecordFaultKind fault = layout.Measure(bytes[at..], out int length);
            if (fault != RecordFaultKind.None)
                return new RecordCount(records, at, last, fault);
            last = at;
            at += length;
            records++;
        }

        return new RecordCount(records, at, last, RecordFaultKind.None);
    }

    /// <summary>
    /// Any bytes of the fixed size are a record, so none is examined. Records of no bytes are as many as stated.
    /// </summary>
    private static RecordCount OfFixed(int size, int bytes, long most)
    {
        long fits = size == 0 ? most : Math.Min(most, bytes / size);
        int length = (int)(fits * size);
        return new RecordCount(fits, length, Math.Max(0, length - size), fits == most ? RecordFaultKind.None : RecordFaultKind.Truncated);
    }
}
