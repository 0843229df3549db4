using System.Buffers;
using Apache.Arrow;
using Apache.Arrow.Ipc;
using Apache.Arrow.Types;
using CommunityToolkit.HighPerformance;
using SpeedData.Core.Reading.Columns;
using Column = SpeedData.Core.Reading.Columns.Column;

namespace SpeedData.Core.Export;

/// <summary>Writes an Arrow IPC file with one record batch per batch. The columns' memory is written without a copy.</summary>
public sealed class ArrowTableWriter : TableWriter
{
    private readonly Apache.Arrow.Schema _schema;
    private readonly ArrowFileWriter _writer;
    private readonly Stream _output;
    private readonly List<byte[]> _rented = [];

    /// <exception cref="Reading.ReadingException">Arrow cannot store a column.</exception>
    public ArrowTableWriter(TableShape shape, Stream output, bool isLossy, IReadOnlyDictionary<string, string>? notes = null)
    {
        ArgumentNullException.ThrowIfNull(shape);
        PlacedColumns.Demand(shape, "arrow", isLossy);
        _schema = new Apache.Arrow.Schema(shape.Columns.Select(FieldOf), notes);
        _output = new ForwardStream(output);
        _writer = new ArrowFileWriter(_output, _schema, leaveOpen: true);
    }

    public override int BatchRows => 32 << 10;

    public override void Begin() => _writer.WriteStart();

    public override void Write(ExportBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        int rows = batch.Columns.Rows;
        _writer.WriteRecordBatch(new RecordBatch(_schema, batch.Columns.Columns.Select((column, i) => ArrayOf(column, _schema.GetFieldByIndex(i).DataType, rows)), rows));
        foreach (byte[] bits in _rented)
            ArrayPool<byte>.Shared.Return(bits);
        _rented.Clear();
    }

    public override void End()
    {
        _writer.WriteEnd();
        _output.Flush();
    }

    protected override void Dispose(bool disposing)
    {
        _writer.Dispose();
        base.Dispose(disposing);
    }

    private static Field FieldOf(ColumnSpec spec) =>
        new(spec.Name, spec.Item is { } item ? new ListType(FieldOf(item)) : TypeOf(spec.Kind), spec.IsNullable, spec.Unit is { } unit ? [new KeyValuePair<string, string>("unit", unit)] : null);

    private static ArrowType TypeOf(ColumnKind kind) => kind switch
    {
        ColumnKind.Boolean => BooleanType.Default,
        ColumnKind.Int32 => Int32Type.Default,
        ColumnKind.Int64 => Int64Type.Default,
        ColumnKind.Float32 => FloatType.Default,
        ColumnKind.Float64 => DoubleType.Default,
        ColumnKind.Time => new TimestampType(TimeUnit.Nanosecond, "UTC"),
        ColumnKind.Binary => BinaryType.Default,
        _ => StringType.Default,
    };

    private IArrowArray ArrayOf(Column column, IArrowType type, int rows)
    {
        ArrowBuffer valid = column.Spec.IsNullable && column.Nulls > 0 ? Bits(column.Valid[..rows]) : ArrowBuffer.Empty;
        if (column is ListColumn lists)
            return new ListArray(ListOf(lists, type, rows, valid));
        ArrowBuffer[] buffers = column switch
        {
            NumberColumn<byte> truth => [valid, Bits(truth.Values.AsSpan(0, rows))],
            NumberColumn<int> numbers => [valid, Of(numbers.Values, rows)],
            NumberColumn<long> numbers => [valid, Of(numbers.Values, rows)],
            NumberColumn<float> numbers => [valid, Of(numbers.Values, rows)],
            NumberColumn<double> numbers => [valid, Of(numbers.Values, rows)],
            BytesColumn bytes => [valid, Of(bytes.Offsets, rows + 1), new ArrowBuffer(bytes.Data)],
            _ => throw new InvalidOperationException($"{column.Spec.Kind} has no array"),
        };
        return ArrowArrayFactory.BuildArray(new ArrayData(type, rows, column.Nulls, 0, buffers));
    }

    private ArrayData ListOf(ListColumn lists, IArrowType type, int rows, ArrowBuffer valid)
    {
        IArrowArray items = ArrayOf(lists.Items, ((ListType)type).ValueDataType, lists.Offsets[rows]);
        return new ArrayData(type, rows, lists.Nulls, 0, [valid, Of(lists.Offsets, rows + 1)], [items.Data]);
    }

    private static ArrowBuffer Of<T>(T[] values, int rows)
        where T : unmanaged => new(((ReadOnlyMemory<T>)values.AsMemory(0, rows)).AsBytes());

    /// <summary>Packs one bit per byte, set if the byte is not 0, lowest bit first.</summary>
    private ArrowBuffer Bits(ReadOnlySpan<byte> bytes)
    {
        int length = (bytes.Length + 7) / 8;
        byte[] bits = ArrayPool<byte>.Shared.Rent(Math.Max(1, length));
        _rented.Add(bits);
        bits.AsSpan(0, length).Clear();
        for (int i = 0; i < bytes.Length; i++)
            bits[i >> 3] |= (byte)((bytes[i] != 0 ? 1 : 0) << (i & 7));
        return new ArrowBuffer(bits.AsMemory(0, length));
    }
}
