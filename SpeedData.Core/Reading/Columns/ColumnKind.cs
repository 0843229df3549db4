using System.Diagnostics.CodeAnalysis;

namespace SpeedData.Core.Reading.Columns;

/// <summary>What a column holds.</summary>
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

    /// <summary>Bytes that are no text.</summary>
    Binary,

    /// <summary>Plain values, any number of them; see <see cref="ColumnSpec.Item"/>.</summary>
    List,

    /// <summary>A value that no plain column can hold (array, map, union of several types, recursive record), as JSON.</summary>
    Json,
}

/// <summary>A column of the answer.</summary>
/// <param name="Name">Its name, with dots for records in records.</param>
/// <param name="Kind">What it holds.</param>
/// <param name="IsNullable">Whether a value may be absent.</param>
/// <param name="Unit">As the schema says; null for none.</param>
/// <param name="Item">What each item of a list is; null for others.</param>
public sealed record ColumnSpec(string Name, ColumnKind Kind, bool IsNullable, string? Unit = null, ColumnSpec? Item = null)
{
    /// <summary>Whether it is a signal that has a minimum, a maximum and a mean.</summary>
    public bool IsNumeric => Kind is ColumnKind.Int32 or ColumnKind.Int64 or ColumnKind.Float32 or ColumnKind.Float64;
}
