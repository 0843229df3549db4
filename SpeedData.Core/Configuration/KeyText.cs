using System.Collections;
using System.Globalization;
using SpeedData.Core.Configuration.Values;

namespace SpeedData.Core.Configuration;

/// <summary>Formats a key's value as a person would write it in the configuration.</summary>
public static class KeyText
{
    public static string Of(object? value) => value switch
    {
        null => "none",
        string text => text,
        TimeSpan span => SpanText.Format(span),
        FreeSpaceFloor floor => floor.Bytes is { } bytes ? bytes.ToString(CultureInfo.InvariantCulture) : floor == FreeSpaceFloor.Suitable ? "suitable" : "none",
        IEnumerable list => string.Join(", ", list.Cast<object?>().Select(Of)) is { Length: > 0 } all ? all : "none",
        bool flag => flag ? "true" : "false",
        _ => string.Create(CultureInfo.InvariantCulture, $"{value}"),
    };
}
