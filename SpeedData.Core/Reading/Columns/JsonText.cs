using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text.Encodings.Web;
using System.Text.Json;
using SpeedData.Core.Schema;

namespace SpeedData.Core.Reading.Columns;

/// <summary>
/// Any value as JSON: a record is an object, an enum its symbol, bytes hex, a union its value. NaN and the infinities are
/// texts. One thread.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "It writes to memory; there is nothing to release.")]
internal sealed class JsonText
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private readonly ArrayBufferWriter<byte> _buffer = new();
    private readonly Utf8JsonWriter _json;

    public JsonText() => _json = new Utf8JsonWriter(_buffer, Options);

    /// <summary>Valid until the next call.</summary>
    public ReadOnlySpan<byte> Of(LayoutNode node, ref RecordBytes bytes)
    {
        _buffer.ResetWrittenCount();
        _json.Reset(_buffer);
        Write(node, ref bytes);
        _json.Flush();
        return _buffer.WrittenSpan;
    }

    private void Write(LayoutNode node, ref RecordBytes bytes)
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

    private void WriteMany(LayoutNode node, ref RecordBytes bytes)
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
            _json.WriteStringValue(NotFinite(value));
    }

    private void Number(double value)
    {
        if (double.IsFinite(value))
            _json.WriteNumberValue(value);
        else
            _json.WriteStringValue(NotFinite(value));
    }

    /// <summary>As CSV has it too.</summary>
    public static string NotFinite(double value) => double.IsNaN(value) ? "NaN" : value > 0 ? "inf" : "-inf";
}
