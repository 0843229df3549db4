using System.Runtime.CompilerServices;
using Parquet.Schema;

namespace SpeedData.Core.Export;

/// <summary>
/// Times as TIMESTAMP(NANOS, UTC). The library takes them as DateTime, which has steps of 100 ns; once the schema is written the
/// field is told that its values are longs, which is what Parquet keeps.
/// </summary>
internal sealed class ParquetNanoseconds(string name, bool isNullable)
    : ParquetNumbers<long, long>(new DateTimeDataField(name, DateTimeFormat.Timestamp, true, DateTimeTimeUnit.Nanos, isNullable), null)
{
    public override void Begin() => TypeOf(Field) = typeof(long);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "<ClrType>k__BackingField")]
    private static extern ref Type TypeOf(DataField field);
}
