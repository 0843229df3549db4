using System.Diagnostics.CodeAnalysis;

namespace SpeedData.Core.Schema;

/// <summary>The types of Avro's binary encoding (Avro specification 1.12, "Schema Declaration").</summary>
[SuppressMessage("Naming", "CA1720", Justification = "The specification's own names.")]
public enum AvroType : byte
{
    Null,
    Boolean,
    Int,
    Long,
    Float,
    Double,
    Bytes,
    String,
    Fixed,
    Enum,
    Record,
    Array,
    Map,
    Union,
}
