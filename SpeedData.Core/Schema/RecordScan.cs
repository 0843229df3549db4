namespace SpeedData.Core.Schema;

/// <summary>Where a value begins: so many bytes behind a mark of the scan.</summary>
/// <param name="Mark">Number of the mark.</param>
/// <param name="Offset">Bytes from there.</param>
public readonly record struct ScanOffset(int Mark, int Offset);

/// <summary>
/// The check of a channel's datagrams, which also notes where chosen values lie. Neighbouring fields of fixed size are one step
/// with one mark. Immutable; any thread, any number at once.
/// </summary>
public sealed class RecordScan
{
    private readonly Step[] _steps;
    private readonly ScanOffset[] _offsets;
    private readonly bool _marksEnd;

    private RecordScan(RecordLayout layout, Step[] steps, ScanOffset[] offsets, int marks, bool marksEnd)
    {
        _steps = steps;
        _offsets = offsets;
        _marksEnd = marksEnd;
        Marks = marks;
        Layout = layout;
        FixedSize = layout.FixedSize;
    }

    /// <summary>What it checks for.</summary>
    public RecordLayout Layout { get; }

    /// <summary>Marks that a check notes.</summary>
    public int Marks { get; }

    /// <summary>Bytes of every record, where any bytes of that number are a record and the marks are always those of <see cref="FixedMarks"/>; else null.</summary>
    public int? FixedSize { get; }

    /// <summary>A check that notes nothing.</summary>
    public static RecordScan Plain(RecordLayout layout) => Compile(layout, Leaf.Of(layout), new HashSet<int>());

    /// <summary>A check that notes where some leaves begin.</summary>
    /// <param name="layout">The records.</param>
    /// <param name="leaves">Its leaves.</param>
    /// <param name="wanted">Numbers of the leaves to note; the number behind the last stands for the record's end.</param>
    public static RecordScan Compile(RecordLayout layout, IReadOnlyList<Leaf> leaves, IReadOnlySet<int> wanted)
    {
        ArgumentNullException.ThrowIfNull(layout);
        ArgumentNullException.ThrowIfNull(leaves);
        ArgumentNullException.ThrowIfNull(wanted);
        var steps = new List<Step>();
        var offsets = new ScanOffset[leaves.Count + 1];
        int marks = 0;
        for (int i = 0; i < leaves.Count; i++)
        {
            var step = Step.For(leaves[i].Node, null, merge: true) with { Depth = leaves[i].Depth };
            int offset = 0;
            if (step.Kind == StepKind.Skip && steps is [.., { Kind: StepKind.Skip } before])
            {
                offset = before.Size;
                step = before with { Size = offset + step.Size };
                steps.RemoveAt(steps.Count - 1);
            }

            if (wanted.Contains(i))
            {
                marks += step.IsMarked ? 0 : 1;
                step = step with { IsMarked = true };
                offsets[i] = new ScanOffset(marks - 1, offset);
            }

            steps.Add(step);
        }

        bool marksEnd = wanted.Contains(leaves.Count);
        if (marksEnd)
            offsets[leaves.Count] = new ScanOffset(marks++, 0);
        return new RecordScan(layout, [.. steps], offsets, marks, marksEnd);
    }

    /// <summary>Where a leaf begins that was asked for.</summary>
    public ScanOffset OffsetOf(int leaf) => _offsets[leaf];

    /// <summary>The marks of every record of a layout of fixed size.</summary>
    public int[] FixedMarks()
    {
        int[] marks = new int[Marks];
        if (_marksEnd)
            marks[^1] = FixedSize!.Value;
        return marks;
    }

    /// <summary>
    /// Whether the datagram is exactly one record and nothing more, as <see cref="RecordLayout.Check"/>. Time in proportion to
    /// the bytes; allocates nothing and throws nothing whatever the bytes.
    /// </summary>
    /// <param name="datagram">The bytes.</param>
    /// <param name="marks">Gets the <see cref="Marks"/>, each an offset in the datagram; of no use where it is no record.</param>
    public RecordFaultKind Check(ReadOnlySpan<byte> datagram, Span<int> marks)
    {
        var walk = new RecordWalk<NoTrace>(datagram, default);
        var fault = walk.Leaves(_steps, marks);
        if (fault != RecordFaultKind.None)
            return fault;
        if (walk.Position != datagram.Length)
            return RecordFaultKind.TrailingBytes;
        if (_marksEnd)
            marks[Marks - 1] = datagram.Length;
        return RecordFaultKind.None;
    }
}
