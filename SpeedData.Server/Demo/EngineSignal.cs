using System.Buffers.Binary;
using SpeedData.Core.Schema;

namespace SpeedData.Server.Demo;

/// <summary>An engine that starts, runs up and down, and stops, once a minute.</summary>
internal static class EngineSignal
{
    public const string Channel = "engine";

    /// <summary>Samples of one round, which takes a minute.</summary>
    public const int Round = 60 * SignalGenerator.PerSecond;

    private const int Cylinders = 6;

    // When the engine starts, runs, stops and is off again, as fractions of a round.
    private const double Starts = 0.05, Runs = 0.1, Stops = 0.85, Stands = 0.95;

    private const double Idle = 900, Span = 5_100, Waves = 4, Cold = 20, Warm = 92;

    private static readonly (string Name, AvroType Type)[] Fields =
    [
        ("time", AvroType.Long),
        ("rpm", AvroType.Double),
        ("temperature", AvroType.Float),
        ("state", AvroType.Enum),
        ("fault", AvroType.Boolean),
        ("cylinder_pressure", AvroType.Array),
        ("boost", AvroType.Union),
    ];

    /// <summary>Whether a schema has the fields that are sent, in their order.</summary>
    public static bool Fits(RecordLayout layout) =>
        layout.Root.Fields.Select(field => (field.Name, field.Type.Type)).SequenceEqual(Fields)
        && layout.Root.Fields[3].Type.Symbols is ["OFF", "STARTING", "RUNNING", "STOPPING"]
        && layout.Root.Fields[5].Type.Items!.Type == AvroType.Float
        && layout.Root.Fields[6].Type.Branches is [{ Type: AvroType.Null }, { Type: AvroType.Double }];

    /// <summary>Returns the fields as text for a message.</summary>
    public static string Describe() => string.Join(", ", Fields.Select(field => $"{field.Name} ({field.Type.ToString().ToLowerInvariant()})"));

    /// <summary>Returns 0 for off, 1 for starting, 2 for running, 3 for stopping.</summary>
    public static int State(int counter) => Part(counter) switch
    {
        < Starts or >= Stands => 0,
        < Runs => 1,
        < Stops => 2,
        _ => 3,
    };

    /// <summary>Returns the speed without noise.</summary>
    public static double Rpm(int counter)
    {
        double part = Part(counter);
        return State(counter) switch
        {
            0 => 0,
            1 => Idle * (part - Starts) / (Runs - Starts),
            2 => Idle + (Span * Math.Pow(Math.Sin(Math.PI * Waves * (part - Runs) / (Stops - Runs)), 2)),
            _ => Idle * (Stands - part) / (Stands - Stops),
        };
    }

    public static float Temperature(int counter)
    {
        double part = Part(counter);
        double warmth = part < Stops ? 1 - Math.Exp(-4 * Math.Max(0, part - Starts)) : (1 - Math.Exp(-4 * (Stops - Starts))) * Math.Exp(-8 * (part - Stops));
        return (float)(Cold + ((Warm - Cold) * warmth));
    }

    /// <summary>Writes one record.</summary>
    /// <param name="buffer">At least <see cref="DemoSignal.MaxBytes"/>.</param>
    /// <param name="timeNs">Unix time in ns.</param>
    /// <param name="counter">Number of the sample, from 0.</param>
    /// <param name="noise">Within ±0.5.</param>
    /// <returns>The record's length in bytes.</returns>
    public static int Encode(Span<byte> buffer, long timeNs, int counter, double noise)
    {
        int state = State(counter);
        double rpm = Rpm(counter) + (state == 0 ? 0 : 20 * noise);
        int at = Varint.Write(buffer, timeNs);
        at += Double(buffer[at..], rpm);
        at += Float(buffer[at..], Temperature(counter));
        at += Varint.Write(buffer[at..], state);
        // Whether the engine is too fast.
        buffer[at++] = rpm > Idle + Span ? (byte)1 : (byte)0;
        at += Pressures(buffer[at..], counter, rpm);
        bool runs = state == 2;
        at += Varint.Write(buffer[at..], runs ? 1 : 0);
        return runs ? at + Double(buffer[at..], 0.2 + (1.3 * (rpm - Idle) / Span)) : at;
    }

    private static int Pressures(Span<byte> buffer, int counter, double rpm)
    {
        int at = Varint.Write(buffer, Cylinders);
        for (int i = 0; i < Cylinders; i++)
            at += Float(buffer[at..], (float)(1 + (rpm / 100 * Math.Pow(Math.Sin((counter / 20.0) + (Math.PI * i / Cylinders)), 2))));
        return at + Varint.Write(buffer[at..], 0);
    }

    private static double Part(int counter) => counter % Round / (double)Round;

    private static int Double(Span<byte> buffer, double value)
    {
        BinaryPrimitives.WriteDoubleLittleEndian(buffer, value);
        return sizeof(double);
    }

    private static int Float(Span<byte> buffer, float value)
    {
        BinaryPrimitives.WriteSingleLittleEndian(buffer, value);
        return sizeof(float);
    }
}
