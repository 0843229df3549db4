using System.Text.Json;
using Avro.Generic;
using SpeedData.Core.Configuration;
using AvroSchema = Avro.Schema;

namespace SpeedData.Tests.Decimate;

/// <summary>
/// A simple reference for decimation windows: it works on records that Apache.Avro decoded, field by field, in integer arithmetic.
/// The logical types are in the property <see cref="LogicalType"/>, so that Apache.Avro leaves the values as they are.
/// </summary>
internal sealed class ReferenceWindow(DecimationAlgorithm algorithm, string? timeField)
{
    public const string LogicalType = "logical";

    private const string Asked = "speeddata.decimate";

    private static readonly AvroSchema.Type[] Numbers = [AvroSchema.Type.Int, AvroSchema.Type.Long, AvroSchema.Type.Float, AvroSchema.Type.Double];

    public int RecordsPerWindow => algorithm == DecimationAlgorithm.MinMax ? 2 : 1;

    public IEnumerable<GenericRecord> Results(IReadOnlyList<GenericRecord> window) =>
        Enumerable.Range(0, RecordsPerWindow).Select(output => Record(window, output == 1 || RecordsPerWindow == 1, null, isTop: true));

    private GenericRecord Record(IReadOnlyList<GenericRecord> window, bool isLast, string? askedOutside, bool isTop)
    {
        var result = new GenericRecord(window[0].Schema);
        foreach (Avro.Field field in window[0].Schema.Fields)
        {
            object?[] values = [.. window.Select(record => record.GetValue(field.Pos))];
            string? asked = Text(field.GetProperty(Asked)) ?? AskedInType(field.Schema) ?? askedOutside;
            result.Add(field.Pos, field.Schema.Tag is AvroSchema.Type.Record or AvroSchema.Type.Error
                ? Record([.. values.Cast<GenericRecord>()], isLast, asked, isTop: false)
                : Value(values, field.Schema, isLast, asked, isTop && field.Name == timeField));
        }

        return result;
    }

    private object? Value(object?[] values, AvroSchema schema, bool isLast, string? asked, bool isTime)
    {
        AvroSchema value = OrNull(schema) ?? schema;
        bool isNumber = Numbers.Contains(value.Tag) && Text(value.GetProperty(LogicalType)) is null && !isTime;
        string how = asked ?? (isNumber && algorithm != DecimationAlgorithm.Downsample ? HowNumbers(isLast) : isLast ? "last" : "first");
        if (how == "last" && algorithm == DecimationAlgorithm.Downsample)
            return values[^1];
        object?[] present = OrNull(schema) is null ? values : [.. values.Where(v => v is not null)];
        return present.Length == 0 ? null : how switch
        {
            "first" => present[0],
            "last" => present[^1],
            _ => Number(present!, how),
        };
    }

    private string HowNumbers(bool isLast) => algorithm switch
    {
        DecimationAlgorithm.Average => "mean",
        DecimationAlgorithm.Rms => "rms",
        _ => isLast ? "max" : "min",
    };

    private static object Number(object[] values, string how) => values[0] switch
    {
        int => (object)(int)Integer([.. values.Select(v => (long)(int)v)], how, int.MaxValue),
        long => Integer([.. values.Cast<long>()], how, long.MaxValue),
        float => (float)Floating([.. values.Select(v => (double)(float)v)], how),
        _ => Floating([.. values.Cast<double>()], how),
    };

    private static long Integer(long[] values, string how, long largest) => how switch
    {
        "mean" => ExactMath.Mean(values),
        "rms" => ExactMath.Rms(values, largest),
        "min" => values.Min(),
        _ => values.Max(),
    };

    private static double Floating(double[] values, string how) => how switch
    {
        "mean" => ExactMath.Mean(values),
        "rms" => ExactMath.Rms(values),
        "min" => values.Where(v => !double.IsNaN(v)).DefaultIfEmpty(double.NaN).Min(),
        _ => values.Where(v => !double.IsNaN(v)).DefaultIfEmpty(double.NaN).Max(),
    };

    private static AvroSchema? OrNull(AvroSchema schema) =>
        schema is Avro.UnionSchema { Count: 2 } union && union.Schemas.Count(s => s.Tag == AvroSchema.Type.Null) == 1
            ? union.Schemas.Single(s => s.Tag != AvroSchema.Type.Null) is { Tag: not (AvroSchema.Type.Record or AvroSchema.Type.Error) } value ? value : null
            : null;

    private static string? AskedInType(AvroSchema schema) =>
        Text(schema.Tag == AvroSchema.Type.Union ? OrNull(schema)?.GetProperty(Asked) : schema.GetProperty(Asked));

    private static string? Text(string? json) => json is null ? null : JsonSerializer.Deserialize<string>(json);
}
