using System.Diagnostics.CodeAnalysis;

namespace SpeedData.Core.Reading.Columns;

/// <summary>The type of a column's values.</summary>
[SuppressMessage("Naming", "CA1720", Justification = "The usual names of these types.")]
public enum ColumnKind
{
    Boolean,
    Int32,
    Int64,
    Float32,
    Float64,

    /// <summary>Unix time in ns.</summary>
    Time,

    /// <summary>UTF-8.</summary>
    Text,

    /// <summary>Bytes that are not text.</summary>
    Binary,

    /// <summary>Any number of plain values; see <see cref="ColumnSpec.Item"/>.</summary>
    List,

    /// <summary>JSON text for a value that no plain column can hold (array, map, union of several types, recursive record).</summary>
    Json,
}

/// <summary>The description of a column.</summary>
/// <param name="Name">The column's name, with dots for nested records.</param>
/// <param name="Kind">The type of the values.</param>
/// <param name="IsNullable">Whether values may be missing.</param>
/// <param name="Unit">The unit from the schema; null for none.</param>
/// <param name="Item">The type of a list's items; null for other columns.</param>
public sealed record ColumnSpec(string Name, ColumnKind Kind, bool IsNullable, string? Unit = null, ColumnSpec? Item = null)
{
    /// <summary>Whether the column is a signal with a minimum, a maximum and a mean.</summary>
    public bool IsNumeric => Kind is ColumnKind.Int32 or ColumnKind.Int64 or ColumnKind.Float32 or ColumnKind.Float64;
}
