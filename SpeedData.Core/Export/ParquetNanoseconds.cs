using System.Runtime.CompilerServices;
using Parquet.Schema;

namespace SpeedData.Core.Export;

/// <summary>
/// Times as TIMESTAMP(NANOS, UTC). The library expects DateTime values, which have steps of 100 ns. Parquet stores longs, so the type of
/// the field is set to long after the schema is written.
/// </summary>
internal sealed class ParquetNanoseconds(string name, bool isNullable)
    : ParquetNumbers<long, long>(new DateTimeDataField(name, DateTimeFormat.Timestamp, true, DateTimeTimeUnit.Nanos, isNullable), null)
{
    public override void Begin() => TypeOf(Field) = typeof(long);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "<ClrType>k__BackingField")]
    private static extern ref Type TypeOf(DataField field);
}
