using System.Globalization;
using System.Text;
using SpeedData.Core.Export;

namespace SpeedData.Tests.Reading;

/// <summary>Compares doubles as text with the text that .NET writes.</summary>
public sealed class DoubleTextTests
{
    [Test]
    public void Random_bits_are_written_as_dotnet_writes_them()
    {
        var random = new Random(1);
        for (int i = 0; i < 500_000; i++)
            Same(BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue)));
    }

    [Test]
    public void Measured_values_are_written_as_dotnet_writes_them()
    {
        var random = new Random(2);
        for (int i = 0; i < 200_000; i++)
        {
            Same(Math.Round((random.NextDouble() * 2000) - 1000, random.Next(6)));
            Same(random.NextInt64(1L << 62) >> random.Next(62));
            Same(Math.Pow(10, random.Next(-323, 309)));
            Same((random.NextDouble() - 0.5) / random.Next(1, 20_000));
            Same(random.Next(100_000) / 1e7);
        }
    }

    /// <summary>At a power of two the distance to the next double changes, and .NET sometimes writes one digit less.</summary>
    [Test]
    public void Powers_of_two_are_read_back_exactly()
    {
        Span<byte> text = stackalloc byte[DoubleText.Longest];
        for (int power = -1074; power < 1024; power++)
        {
            int length = DoubleText.Write(Math.ScaleB(1, power), text);
            Assert.That(double.Parse(text[..length], CultureInfo.InvariantCulture), Is.EqualTo(Math.ScaleB(1, power)), $"2^{power}");
        }
    }

    [TestCase(0.0)]
    [TestCase(-0.0)]
    [TestCase(double.Epsilon)]
    [TestCase(double.MaxValue)]
    [TestCase(-2.2250738585072014E-308)]
    [TestCase(1e15)]
    [TestCase(123456789012345.0)]
    [TestCase(0.0001)]
    [TestCase(0.00001)]
    [TestCase(5e-324)]
    [TestCase(9007199254740993.0)]
    public void Extreme_values_are_written_as_dotnet_writes_them(double value) => Same(value);

    private static void Same(double value)
    {
        if (!double.IsFinite(value))
            return;
        string expected = value.ToString(CultureInfo.InvariantCulture);
        // If the buffer is larger than the longest text, the code takes another path.
        Span<byte> room = stackalloc byte[40];
        Same(value, room[..DoubleText.Longest], expected);
        Same(value, room, expected);
    }

    private static void Same(double value, Span<byte> text, string expected)
    {
        int length = DoubleText.Write(value, text);
        if (Encoding.ASCII.GetString(text[..length]) != expected)
            Assert.That(Encoding.ASCII.GetString(text[..length]), Is.EqualTo(expected));
    }
}
