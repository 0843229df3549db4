using System.Buffers.Binary;
using System.Text;
using SpeedData.Core.Schema;

namespace SpeedData.Server.Demo;

/// <summary>The signals of <c>--demo</c>: a record for every sample, in Avro's binary encoding.</summary>
internal static class DemoSignal
{
    /// <summary>The name of the channel that gets this signal.</summary>
    public const string Channel = "example";

    /// <summary>A buffer of this size holds any record.</summary>
    public const int MaxBytes = 128;

    private const int SinePeriod = 20;
    private const int RampPeriod = 40;
    private const int SquarePeriod = 20;

    private static readonly (string Name, AvroType Type)[] Fields =
    [
        ("time", AvroType.Long),
        ("message", AvroType.String),
        ("counter", AvroType.Int),
        ("sine_wave", AvroType.Double),
        ("ramp", AvroType.Double),
        ("square_wave", AvroType.Double),
        ("noise", AvroType.Double),
    ];

    public static double Sine(int counter) => Math.Sin(2 * Math.PI * counter / SinePeriod);

    /// <summary>A ramp from 0 to just below 1.</summary>
    public static double Ramp(int counter) => counter % RampPeriod / (double)RampPeriod;

    public static double Square(int counter) => counter % SquarePeriod < SquarePeriod / 2 ? 1 : -1;

    /// <summary>Whether a schema has the fields that are sent, in their order.</summary>
    public static bool Fits(RecordLayout layout) =>
        layout.Root.Fields.Select(f => (f.Name, f.Type.Type)).SequenceEqual(Fields);

    /// <summary>Returns the fields as text for a message.</summary>
    public static string Describe() => string.Join(", ", Fields.Select(f => $"{f.Name} ({f.Type.ToString().ToLowerInvariant()})"));

    /// <summary>Writes one record.</summary>
    /// <param name="buffer">At least <see cref="MaxBytes"/>.</param>
    /// <param name="timeNs">Unix time in ns.</param>
    /// <param name="counter">Number of the sample, from 0.</param>
    /// <param name="noise">Within ±0.5.</param>
    /// <returns>The record's length in bytes.</returns>
    public static int Encode(Span<byte> buffer, long timeNs, int counter, double noise)
    {
        int at = Varint.Write(buffer, timeNs);
        at += Text(buffer[at..], $"sample {counter}");
        at += Varint.Write(buffer[at..], counter);
        foreach (double value in (ReadOnlySpan<double>)[Sine(counter), Ramp(counter), Square(counter), noise])
        {
            BinaryPrimitives.WriteDoubleLittleEndian(buffer[at..], value);
            at += sizeof(double);
        }
        return at;
    }

    private static int Text(Span<byte> buffer, string text)
    {
        int at = Varint.Write(buffer, Encoding.UTF8.GetByteCount(text));
        return at + Encoding.UTF8.GetBytes(text, buffer[at..]);
    }
}
