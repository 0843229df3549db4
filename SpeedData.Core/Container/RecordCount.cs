using SpeedData.Core.Schema;

namespace SpeedData.Core.Container;

/// <summary>The result of a walk over the records of a block.</summary>
/// <param name="Records">The number of complete records from the start.</param>
/// <param name="Length">Their size in bytes.</param>
/// <param name="Last">The offset of the last complete record.</param>
/// <param name="Fault">Why the walk ended there; none if it found all requested records.</param>
public readonly record struct RecordCount(long Records, int Length, int Last, RecordFaultKind Fault)
{
    /// <summary>Walks over consecutive records.</summary>
    /// <param name="layout">The layout of the records.</param>
    /// <param name="bytes">The bytes; may be any bytes.</param>
    /// <param name="most">The number of records to look for.</param>
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
    /// Counts records of a fixed size. Any bytes of that size are a record, so none is examined. If records have no bytes, as many exist
    /// as stated.
    /// </summary>
    private static RecordCount OfFixed(int size, int bytes, long most)
    {
        long fits = size == 0 ? most : Math.Min(most, bytes / size);
        int length = (int)(fits * size);
        return new RecordCount(fits, length, Math.Max(0, length - size), fits == most ? RecordFaultKind.None : RecordFaultKind.Truncated);
    }
}
