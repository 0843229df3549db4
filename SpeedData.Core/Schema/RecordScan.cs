namespace SpeedData.Core.Schema;

/// <summary>The place of a value in a record, relative to a mark of the scan.</summary>
/// <param name="Mark">The index of the mark.</param>
/// <param name="Offset">The distance from the mark in bytes.</param>
public readonly record struct ScanOffset(int Mark, int Offset);

/// <summary>
/// Checks a channel's datagrams, and in the same pass notes the places of chosen values. Neighbouring fields of fixed size are one
/// step with one mark. Immutable; any number of threads at once.
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

    /// <summary>The layout that it checks.</summary>
    public RecordLayout Layout { get; }

    /// <summary>The number of marks that a check notes.</summary>
    public int Marks { get; }

    /// <summary>
    /// The size of every record if any bytes of that size are a record with the marks <see cref="FixedMarks"/>; otherwise null.
    /// </summary>
    public int? FixedSize { get; }

    /// <summary>Makes a check that notes nothing.</summary>
    public static RecordScan Plain(RecordLayout layout) => Compile(layout, Leaf.Of(layout), new HashSet<int>());

    /// <summary>Makes a check that notes where some leaves begin.</summary>
    /// <param name="layout">The layout of the records.</param>
    /// <param name="leaves">The leaves of the layout.</param>
    /// <param name="wanted">The indexes of the leaves to note. The index after the last means the record's end.</param>
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

    /// <summary>Returns the place at which a noted leaf begins.</summary>
    public ScanOffset OffsetOf(int leaf) => _offsets[leaf];

    /// <summary>Returns the marks of every record, for a layout of fixed size.</summary>
    public int[] FixedMarks()
    {
        int[] marks = new int[Marks];
        if (_marksEnd)
            marks[^1] = FixedSize!.Value;
        return marks;
    }

    /// <summary>
    /// Checks that the datagram is exactly one record and nothing more, like <see cref="RecordLayout.Check"/>. Takes time in proportion
    /// to the bytes. Whatever the bytes, it allocates and throws nothing.
    /// </summary>
    /// <param name="datagram">The bytes.</param>
    /// <param name="marks">
    /// Receives the <see cref="Marks"/>, each an offset in the datagram. They are meaningless if it is not a record.
    /// </param>
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
