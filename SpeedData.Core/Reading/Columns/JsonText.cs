using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using SpeedData.Core.Schema;

namespace SpeedData.Core.Reading.Columns;

/// <summary>
/// Writes any value as JSON: a record as an object, an enum as its symbol, bytes as hexadecimal digits, a union as its value. NaN and the
/// infinities are texts. One thread.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "It writes to memory; there is nothing to release.")]
internal sealed class JsonText
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private readonly ArrayBufferWriter<byte> _buffer = new();
    private readonly Utf8JsonWriter _json;

    public JsonText() => _json = new Utf8JsonWriter(_buffer, Options);

    /// <summary>Whether NaN and the infinities are written as null.</summary>
    public bool NotFiniteIsNull { get; init; }

    /// <summary>Writes a value. Valid until the next call.</summary>
    public ReadOnlySpan<byte> Of(LayoutNode node, scoped ref RecordBytes bytes)
    {
        _buffer.ResetWrittenCount();
        _json.Reset(_buffer);
        Write(node, ref bytes);
        _json.Flush();
        return _buffer.WrittenSpan;
    }

    /// <summary>Writes a record with a property <c>time</c>, which is an ISO text in milliseconds. Valid until the next call.</summary>
    /// <param name="record">The record's type.</param>
    /// <param name="bytes">The record's bytes.</param>
    /// <param name="time">The record's time.</param>
    /// <param name="timeField">The field to leave out; null for none.</param>
    public ReadOnlySpan<byte> WithTime(LayoutNode record, scoped ref RecordBytes bytes, DateTime time, string? timeField)
    {
        _buffer.ResetWrittenCount();
        _json.Reset(_buffer);
        _json.WriteStartObject();
        _json.WriteString("time", time.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture));
        foreach (LayoutField field in record.Fields)
        {
            if (field.Name == timeField)
            {
                bytes.Long();
                continue;
            }

            // Another field with this name would duplicate the property.
            _json.WritePropertyName(field.Name == "time" ? "signal.time" : field.Name);
            Write(field.Type, ref bytes);
        }

        _json.WriteEndObject();
        _json.Flush();
        return _buffer.WrittenSpan;
    }

    private void Write(LayoutNode node, scoped ref RecordBytes bytes)
    {
        switch (node.Type)
        {
            case AvroType.Null:
                _json.WriteNullValue();
                break;
            case AvroType.Boolean:
                _json.WriteBooleanValue(bytes.Fixed<byte>() != 0);
                break;
            case AvroType.Int or AvroType.Long:
                _json.WriteNumberValue(bytes.Long());
                break;
            case AvroType.Float:
                Number(bytes.Fixed<float>());
                break;
            case AvroType.Double:
                Number(bytes.Fixed<double>());
                break;
            case AvroType.String:
                Text(bytes.Counted());
                break;
            case AvroType.Bytes:
                _json.WriteStringValue(Convert.ToHexStringLower(bytes.Counted()));
                break;
            case AvroType.Fixed:
                _json.WriteStringValue(Convert.ToHexStringLower(bytes.Take(node.FixedSize!.Value)));
                break;
            case AvroType.Enum:
                _json.WriteStringValue(node.Symbols[(int)bytes.Long()]);
                break;
            case AvroType.Union:
                Write(node.Branches[(int)bytes.Long()], ref bytes);
                break;
            default:
                WriteMany(node, ref bytes);
                break;
        }
    }

    private void WriteMany(LayoutNode node, scoped ref RecordBytes bytes)
    {
        if (node.Type == AvroType.Array)
        {
            _json.WriteStartArray();
            for (long count = bytes.Items(); count > 0; count = bytes.Items())
            {
                for (; count > 0; count--)
                    Write(node.Items!, ref bytes);
            }

            _json.WriteEndArray();
            return;
        }

        _json.WriteStartObject();
        if (node.Type == AvroType.Record)
        {
            foreach (LayoutField field in node.Fields)
            {
                _json.WritePropertyName(field.Name);
                Write(field.Type, ref bytes);
            }
        }
        else
        {
            for (long count = bytes.Items(); count > 0; count = bytes.Items())
            {
                for (; count > 0; count--)
                {
                    _json.WritePropertyName(bytes.Counted());
                    Write(node.Items!, ref bytes);
                }
            }
        }

        _json.WriteEndObject();
    }

    private void Text(ReadOnlySpan<byte> text) => _json.WriteStringValue(text);

    private void Number(float value)
    {
        if (float.IsFinite(value))
            _json.WriteNumberValue(value);
        else
            WriteNotFinite(value);
    }

    private void Number(double value)
    {
        if (double.IsFinite(value))
            _json.WriteNumberValue(value);
        else
            WriteNotFinite(value);
    }

    private void WriteNotFinite(double value)
    {
        if (NotFiniteIsNull)
            _json.WriteNullValue();
        else
            _json.WriteStringValue(NotFinite(value));
    }

    /// <summary>Returns the text for a number that is not finite; the same as in CSV.</summary>
    public static string NotFinite(double value) => double.IsNaN(value) ? "NaN" : value > 0 ? "inf" : "-inf";
}
