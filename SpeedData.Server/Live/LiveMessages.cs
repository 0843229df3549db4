using System.Buffers;
using System.Buffers.Binary;
using System.Text.Encodings.Web;
using System.Text.Json;
using SpeedData.Core.Live;

namespace SpeedData.Server.Live;

/// <summary>Writes the messages to a watcher; all share one buffer. One thread.</summary>
internal sealed class LiveMessages : IDisposable
{
    public const int FrameHead = 32;

    private const byte Layout = 1, Buckets = 1;

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private readonly ArrayBufferWriter<byte> _text = new();
    private readonly Utf8JsonWriter _json;
    private readonly List<Change> _changes = [];
    private byte[] _frame = [];

    public LiveMessages() => _json = new Utf8JsonWriter(_text, Options);

    public ReadOnlyMemory<byte> Hello(string version, double timeMs) => Message("hello", json =>
    {
        json.WriteString("protocol", LiveEndpoint.Subprotocol);
        json.WriteString("version", version);
        json.WriteNumber("time", timeMs);
        json.WriteStartObject("limits");
        json.WriteNumber("signals", LiveConnection.MostSignals);
        json.WriteNumber("subscriptions", LiveConnection.MostSubscriptions);
        json.WriteNumber("message_bytes", LiveConnection.LongestMessage);
        json.WriteNumber("least_width_ms", LiveRequest.LeastWidth);
        json.WriteNumber("greatest_width_ms", LiveRequest.GreatestWidth);
        json.WriteEndObject();
    });

    public ReadOnlyMemory<byte> Pong(string? token, double timeMs) => Message("pong", json =>
    {
        json.WriteString("token", token);
        json.WriteNumber("time", timeMs);
    });

    public ReadOnlyMemory<byte> Error(uint? id, string error) => Message("error", json =>
    {
        WriteId(json, id);
        json.WriteString("error", error);
    });

    public ReadOnlyMemory<byte> Signals(IEnumerable<KnownChannel> channels, IEnumerable<string> removed, bool isComplete) => Message("signals", json =>
    {
        json.WriteStartArray("channels");
        foreach (KnownChannel channel in channels)
        {
            json.WriteStartObject();
            json.WriteString("name", channel.Channel.Name);
            json.WriteStartArray("signals");
            foreach (LiveSignal signal in channel.Signals)
                Write(json, signal);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        WriteTexts(json, "removed", removed);
        json.WriteBoolean("complete", isComplete);
    });

    public ReadOnlyMemory<byte> Subscribed(Subscription subscription) => Message("subscribed", json =>
    {
        LiveRequest request = subscription.Request;
        WriteId(json, request.Id);
        json.WriteNumber("width_ms", request.WidthMs);
        json.WriteString("clock", request.ByDevice ? "device" : "received");
        json.WriteStartArray("tables");
        foreach (NumberedTable table in subscription.Tables)
            Write(json, table);
        json.WriteEndArray();
        json.WriteStartArray("unknown");
        foreach ((string signal, string why) in subscription.Unknown)
        {
            json.WriteStartObject();
            json.WriteString("signal", signal);
            json.WriteString("why", why);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    /// <param name="timeMs">The server's time.</param>
    /// <param name="readMs">When the states were read: watchers share a reading.</param>
    /// <param name="disk">Space on the file system of the archives; null while not known.</param>
    /// <param name="channels">The channels, each as JSON.</param>
    /// <param name="removed">Names of removed channels.</param>
    public ReadOnlyMemory<byte> Channels(double timeMs, double readMs, (long FreeBytes, long TotalBytes)? disk, IEnumerable<ReadOnlyMemory<byte>> channels, IEnumerable<string> removed) => Message("channels", json =>
    {
        json.WriteNumber("time", timeMs);
        json.WriteNumber("read", readMs);
        if (disk is { } room)
        {
            json.WriteStartObject("disk");
            json.WriteNumber("free_bytes", room.FreeBytes);
            json.WriteNumber("total_bytes", room.TotalBytes);
            json.WriteEndObject();
        }
        else
        {
            json.WriteNull("disk");
        }

        json.WriteStartArray("channels");
        foreach (ReadOnlyMemory<byte> channel in channels)
            json.WriteRawValue(channel.Span, skipInputValidation: true);
        json.WriteEndArray();
        WriteTexts(json, "removed", removed);
    });

    /// <summary>Writes the waiting changes of a table.</summary>
    public ReadOnlyMemory<byte> Changes(NumberedTable table) => Message("changes", json =>
    {
        long skipped = table.Table.Waiting.Take(_changes);
        json.WriteNumber("id", table.Subscription);
        json.WriteNumber("table", table.Number);
        json.WriteStartArray("changes");
        foreach (Change change in _changes)
            Write(json, change, table.Channel.Name);
        json.WriteEndArray();
        json.WriteNumber("skipped", skipped);
        _changes.Clear();
    });

    /// <summary>Writes the waiting rows of a table.</summary>
    public ReadOnlyMemory<byte> Frame(NumberedTable table, Func<double> timeMs)
    {
        PendingRows rows = table.Table.Rows;
        if (_frame.Length < FrameHead + rows.MostBytes)
        {
            if (_frame.Length > 0)
                ArrayPool<byte>.Shared.Return(_frame);
            _frame = ArrayPool<byte>.Shared.Rent(FrameHead + rows.MostBytes);
        }

        (int count, double width) = rows.Take(_frame.AsSpan(FrameHead));
        Span<byte> head = _frame.AsSpan(0, FrameHead);
        (head[0], head[1]) = (Layout, Buckets);
        BinaryPrimitives.WriteUInt16LittleEndian(head[2..], 0);
        BinaryPrimitives.WriteUInt32LittleEndian(head[4..], table.Number);
        BinaryPrimitives.WriteInt32LittleEndian(head[8..], count);
        BinaryPrimitives.WriteInt32LittleEndian(head[12..], rows.Cells);
        BinaryPrimitives.WriteDoubleLittleEndian(head[16..], width);
        BinaryPrimitives.WriteDoubleLittleEndian(head[24..], timeMs());
        return _frame.AsMemory(0, FrameHead + (count * rows.Cells * sizeof(double)));
    }

    public void Dispose()
    {
        _json.Dispose();
        if (_frame.Length > 0)
            ArrayPool<byte>.Shared.Return(_frame);
        _frame = [];
    }

    private ReadOnlyMemory<byte> Message(string type, Action<Utf8JsonWriter> write)
    {
        // Only the first list of thousands of signals needs a larger buffer.
        const int UsualBytes = 256 << 10;
        if (_text.Capacity > UsualBytes)
            _text.Clear();
        _text.ResetWrittenCount();
        _json.Reset(_text);
        _json.WriteStartObject();
        _json.WriteString("type", type);
        write(_json);
        _json.WriteEndObject();
        _json.Flush();
        return _text.WrittenMemory;
    }

    private static void Write(Utf8JsonWriter json, LiveSignal signal)
    {
        json.WriteStartObject();
        json.WriteString("name", signal.Name);
        json.WriteString("type", signal.Type);
        json.WriteString("unit", signal.Unit);
        json.WriteString("kind", signal.IsNumber ? "number" : "change");
        json.WriteBoolean("nullable", signal.IsNullable);
        json.WriteBoolean("partial", signal.IsPartial);
        json.WriteBoolean("is_time", signal.IsTime);
        if (signal.Symbols is { } symbols)
            WriteTexts(json, "symbols", symbols);
        else
            json.WriteNull("symbols");
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, NumberedTable table)
    {
        bool hasTime = table.Channel.KnownSchemas?.Any(schema => Core.Schema.TimeField.Find(schema.Layout, table.Channel.Options.Time.Field) is not null) == true;
        json.WriteStartObject();
        json.WriteNumber("table", table.Number);
        json.WriteString("channel", table.Channel.Name);
        json.WriteString("clock", table.Table.ByDevice && hasTime ? "device" : "received");
        WriteSignals(json, "numbers", table.Channel.Name, table.Table.Numbers);
        WriteSignals(json, "changes", table.Channel.Name, table.Table.Changes);
        json.WriteEndObject();
    }

    private static void WriteSignals(Utf8JsonWriter json, string name, string channel, IReadOnlyList<LiveSignal> signals)
    {
        json.WriteStartArray(name);
        foreach (LiveSignal signal in signals)
        {
            json.WriteStartObject();
            json.WriteString("signal", $"{channel}.{signal.Name}");
            json.WriteString("field", signal.Name);
            json.WriteString("type", signal.Type);
            json.WriteString("unit", signal.Unit);
            json.WriteBoolean("partial", signal.IsPartial);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, Change change, string channel)
    {
        json.WriteStartObject();
        json.WriteString("signal", $"{channel}.{change.Signal}");
        json.WriteNumber("received", change.ReceivedMs);
        if (change.DeviceMs is { } device)
            json.WriteNumber("device", device);
        else
            json.WriteNull("device");
        switch (change.Kind)
        {
            case ChangeKind.Null:
                json.WriteNull("value");
                break;
            case ChangeKind.Boolean:
                json.WriteBoolean("value", change.Text == "true");
                break;
            default:
                json.WriteString("value", change.Text);
                break;
        }

        if (change.Length is { } length)
            json.WriteNumber("length", length);
        json.WriteEndObject();
    }

    private static void WriteTexts(Utf8JsonWriter json, string name, IEnumerable<string> texts)
    {
        json.WriteStartArray(name);
        foreach (string text in texts)
            json.WriteStringValue(text);
        json.WriteEndArray();
    }

    private static void WriteId(Utf8JsonWriter json, uint? id)
    {
        if (id is { } known)
            json.WriteNumber("id", known);
        else
            json.WriteNull("id");
    }
}
