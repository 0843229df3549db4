using System.Globalization;
using System.Text;
using SpeedData.Core.Configuration;
using SpeedData.Core.Reading.Columns;

namespace SpeedData.Core.Tags.Auto;

/// <summary>
/// Tests a condition on a row. The test fails for a missing value, and for a value that is not a number if the condition needs one.
/// </summary>
internal sealed class RowTest(TagCondition condition)
{
    private readonly byte[] _text = Encoding.UTF8.GetBytes(condition.Value);
    private readonly long? _whole = long.TryParse(condition.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long whole) && condition.Number is not null ? whole : null;

    /// <summary>Returns why the condition cannot apply to a signal; null if it can.</summary>
    public string? WhyNever(Signal signal)
    {
        bool comparesText = condition.Operator is TagOperator.Is or TagOperator.IsNot;
        return signal.Kind switch
        {
            ColumnKind.Boolean when !comparesText || condition.Value is not ("true" or "false") => $"'{condition.Signal}' is true or false: compare it with == or !=",
            ColumnKind.Text when !comparesText => $"'{condition.Signal}' is a text: compare it with == or !=",
            ColumnKind.Text when signal.Node.Symbols is { Count: > 0 } symbols && !symbols.Contains(condition.Value) => $"'{condition.Signal}' is never '{condition.Value}'; its values are {string.Join(", ", symbols)}",
            ColumnKind.Int32 or ColumnKind.Int64 or ColumnKind.Float32 or ColumnKind.Float64 when condition.Number is null => $"'{condition.Signal}' is a number, but '{condition.Value}' is not",
            ColumnKind.Boolean or ColumnKind.Text or ColumnKind.Int32 or ColumnKind.Int64 or ColumnKind.Float32 or ColumnKind.Float64 => null,
            _ => $"'{condition.Signal}' is not a number, a text, an enum, or true or false",
        };
    }

    public bool Holds(Column column, int row)
    {
        if (column.IsNull(row))
            return false;
        return column switch
        {
            NumberColumn<double> number => Compare(number.Values[row]),
            NumberColumn<float> number => Compare(number.Values[row]),
            NumberColumn<int> number => Compare(number.Values[row]),
            NumberColumn<long> number => _whole is { } value ? Compare(number.Values[row].CompareTo(value)) : Compare((double)number.Values[row]),
            NumberColumn<byte> boolean => IsText(boolean.Values[row] != 0 ? "true"u8 : "false"u8),
            BytesColumn text => IsText(text.Of(row)),
            _ => false,
        };
    }

    private bool IsText(ReadOnlySpan<byte> text) => condition.Operator switch
    {
        TagOperator.Is => text.SequenceEqual(_text),
        TagOperator.IsNot => !text.SequenceEqual(_text),
        _ => false,
    };

    private bool Compare(double value) => condition.Number is { } other && !double.IsNaN(value) && Compare(value.CompareTo(other));

    private bool Compare(int order) => condition.Operator switch
    {
        TagOperator.Is => order == 0,
        TagOperator.IsNot => order != 0,
        TagOperator.Less => order < 0,
        TagOperator.LessOrEqual => order <= 0,
        TagOperator.Greater => order > 0,
        _ => order >= 0,
    };
}
