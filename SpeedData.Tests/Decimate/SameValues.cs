using System.Collections;
using Avro.Generic;

namespace SpeedData.Tests.Decimate;

/// <summary>Compares values as Apache.Avro reads them; floats and doubles may be one ulp apart.</summary>
internal static class SameValues
{
    /// <summary>Finds the first difference and its path; null if there is none.</summary>
    public static string? Difference(object? expected, object? actual, string path = "") => (expected, actual) switch
    {
        (GenericRecord a, GenericRecord b) => a.Schema.Fields.Select(f => Difference(a.GetValue(f.Pos), b.GetValue(f.Pos), $"{path}.{f.Name}")).FirstOrDefault(d => d is not null),
        (double a, double b) => ExactMath.UlpsApart(a, b) <= 1 ? null : $"{path}: {b:R} for {a:R}",
        (float a, float b) => ExactMath.UlpsApart(a, b) <= 1 ? null : $"{path}: {b:R} for {a:R}",
        (IDictionary a, IDictionary b) => a.Count == b.Count ? a.Keys.Cast<object>().Select(k => Difference(a[k], b[k], $"{path}[{k}]")).FirstOrDefault(d => d is not null) : $"{path}: {b.Count} entries for {a.Count}",
        (Array a, Array b) => a.Length == b.Length ? Enumerable.Range(0, a.Length).Select(i => Difference(a.GetValue(i), b.GetValue(i), $"{path}[{i}]")).FirstOrDefault(d => d is not null) : $"{path}: {b.Length} items for {a.Length}",
        _ => Equals(expected, actual) ? null : $"{path}: {actual ?? "null"} for {expected ?? "null"}",
    };
}
