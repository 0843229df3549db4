using SpeedData.Core.Schema;

namespace SpeedData.Core.Reading.Columns;

/// <summary>
/// A record layout compiled into instructions that write the record's fields to columns, without boxing or allocating. Fields without a
/// column are skipped. One thread.
/// </summary>
internal sealed class ColumnProgram
{
    private readonly FieldReader[] _readers;
    private ColumnBatch _batch = null!;
    private int _firstRow;

    private ColumnProgram(IEnumerable<FieldReader> readers) => _readers = [.. readers];

    /// <param name="layout">The layout of the records.</param>
    /// <param name="wanted">Column indexes by signal.</param>
    /// <param name="kinds">The descriptions of the columns.</param>
    /// <param name="time">The time field and its reader.</param>
    /// <param name="cutsArrays">Whether array items without a column are left out.</param>
    public static ColumnProgram Compile(RecordLayout layout, IReadOnlyDictionary<string, int> wanted, IReadOnlyList<ColumnSpec> kinds, (string Field, FieldReader Reader)? time, bool cutsArrays)
    {
        var compiler = new Compiler(wanted, kinds, cutsArrays);
        compiler.Root(layout.Root, time);
        IEnumerable<FieldReader> readers = compiler.Take();
        return new ColumnProgram([.. readers, .. wanted.Where(column => !compiler.Found.Contains(column.Key)).Select(column => new AbsentReader(column.Value))]);
    }

    /// <summary>Begins a slice of rows after the rows of the batch.</summary>
    public void Begin(ColumnBatch batch, int most)
    {
        (_batch, _firstRow) = (batch, batch.Rows);
        foreach (FieldReader reader in _readers)
            reader.Prepare(batch, most);
    }

    /// <summary>Reads the record at the current position into a row and moves past it.</summary>
    public void Read(ref RecordBytes bytes, int row)
    {
        foreach (FieldReader reader in _readers)
            reader.Read(ref bytes, row);
    }

    /// <param name="data">The memory that the positions refer to.</param>
    /// <param name="rows">Number of rows read.</param>
    public void End(ReadOnlySpan<byte> data, int rows)
    {
        foreach (FieldReader reader in _readers)
            reader.Gather(data, _firstRow, rows);
        _batch.Add(rows);
    }

    private sealed class Compiler(IReadOnlyDictionary<string, int> wanted, IReadOnlyList<ColumnSpec> kinds, bool cutsArrays)
    {
        private readonly HashSet<string> _wanted = WithRecords(wanted.Keys);
        private readonly List<FieldReader> _readers = [];
        private readonly List<(int Column, int Distance, bool IsDouble)> _run = [];
        private int _runSize;
        private int _depth;

        public HashSet<string> Found { get; } = new(StringComparer.Ordinal);

        public void Root(LayoutNode record, (string Field, FieldReader Reader)? time)
        {
            foreach (LayoutField field in record.Fields)
            {
                if (field.Name != time?.Field)
                {
                    Field(field.Type, field.Name);
                    continue;
                }

                EndRun();
                _readers.Add(time.Value.Reader);
            }
        }

        private void Fields(LayoutNode record, string prefix)
        {
            foreach (LayoutField field in record.Fields)
                Field(field.Type, prefix + field.Name);
        }

        public FieldReader[] Take()
        {
            EndRun();
            FieldReader[] taken = [.. _readers];
            _readers.Clear();
            return taken;
        }

        private void Field(LayoutNode node, string name)
        {
            if (!IsWanted(name))
                Skip(node);
            else if (Signal.RecordOf(node) is { } record)
                Record(node, record, name);
            else if (Signal.Optional(node) is { } value)
                Optional(node, () => Value(value, name));
            else
                Value(node, name);
        }

        private bool IsWanted(string name) => _wanted.Contains(name);

        /// <summary>Adds the names of the enclosing records.</summary>
        private static HashSet<string> WithRecords(IEnumerable<string> names)
        {
            var all = new HashSet<string>(StringComparer.Ordinal);
            foreach (string name in names)
            {
                all.Add(name);
                for (int dot = name.LastIndexOf('.'); dot > 0 && all.Add(name[..dot]); dot = name.LastIndexOf('.', dot - 1))
                {
                }
            }

            return all;
        }

        private void Record(LayoutNode node, LayoutNode record, string name)
        {
            if (node == record)
                Fields(record, name + ".");
            else
                Optional(node, () => Fields(record, name + "."));
        }

        private void Optional(LayoutNode union, Action inside)
        {
            EndRun();
            FieldReader[] before = [.. _readers];
            _readers.Clear();
            _depth++;
            inside();
            _depth--;
            IReadOnlyList<FieldReader> inner = Take();
            _readers.AddRange([.. before, new OptionalReader(union.Branches[0].Type == AvroType.Null, inner)]);
        }

        private void Skip(LayoutNode node)
        {
            if (node.FixedSize is { } size)
            {
                _runSize += size;
                return;
            }

            EndRun();
            _readers.Add(new ValueSkip(node));
        }

        private void Value(LayoutNode node, string name)
        {
            if (!wanted.TryGetValue(name, out int index))
            {
                if (node.Type == AvroType.Array)
                    Spread(node, name);
                else
                    Skip(node);
                return;
            }

            Found.Add(name);
            ColumnKind kind = kinds[index].Kind;
            if (IsInRun(node.Type, kind))
            {
                _run.Add((index, _runSize, kind == ColumnKind.Float64));
                _runSize += node.FixedSize!.Value;
                return;
            }

            EndRun();
            _readers.Add(kind == ColumnKind.List
                ? new ListReader(index, new ItemReader(node.Items!, item => ReaderOf(item, index, kinds[index].Item!.Kind)))
                : ReaderOf(node, index, kind));
        }

        private void Spread(LayoutNode array, string name)
        {
            EndRun();
            var columns = new List<(int, ItemReader)>();
            for (int i = 0; wanted.TryGetValue(MergedSignal.ItemName(name, i), out int index); i++)
            {
                Found.Add(MergedSignal.ItemName(name, i));
                columns.Add((index, new ItemReader(array.Items!, item => ReaderOf(item, index, kinds[index].Kind))));
            }

            _readers.Add(new SpreadReader(name, columns, array.Items!, cutsArrays));
        }

        // Fields of an optional record are excluded, because they may be missing.
        private bool IsInRun(AvroType type, ColumnKind kind) =>
            _depth == 0 && ((type, kind) is (AvroType.Double, ColumnKind.Float64) or (AvroType.Float, ColumnKind.Float32));

        private void EndRun()
        {
            if (_run.Count > 0)
                _readers.Add(new FixedRun(_runSize, [.. _run]));
            else if (_runSize > 0)
                _readers.Add(new FixedSkip(_runSize));
            _run.Clear();
            _runSize = 0;
        }

        private static ColumnReader ReaderOf(LayoutNode node, int index, ColumnKind kind) => (node.Type, kind) switch
        {
            (_, ColumnKind.Json) => new JsonReader(index, node),
            (AvroType.Null, _) => new AbsentReader(index),
            (AvroType.Boolean, _) => new BooleanReader(index),
            (AvroType.Int or AvroType.Long, ColumnKind.Int32) => new IntegerReader<int>(index),
            (AvroType.Int or AvroType.Long, ColumnKind.Int64) => new IntegerReader<long>(index),
            (AvroType.Int or AvroType.Long, ColumnKind.Float64) => new IntegerReader<double>(index),
            (AvroType.Float, ColumnKind.Float32) => new FloatReader<float, float>(index),
            (AvroType.Float, _) => new FloatReader<float, double>(index),
            (AvroType.Double, _) => new FloatReader<double, double>(index),
            (AvroType.Fixed, _) => new FixedReader(index, node.FixedSize!.Value),
            (AvroType.Enum, _) => new EnumReader(index, node.Symbols),
            (AvroType.String or AvroType.Bytes, _) => new CountedReader(index),
            _ => throw new InvalidOperationException($"{node.Type} cannot be read into a column of {kind}"),
        };
    }
}
