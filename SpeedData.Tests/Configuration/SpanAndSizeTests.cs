using SpeedData.Core.Configuration.Values;

namespace SpeedData.Tests.Configuration;

public sealed class SpanAndSizeTests
{
    [TestCase("100 ns", 1)]
    [TestCase("5us", 50)]
    [TestCase("1.5 ms", 15_000)]
    [TestCase(" 2 s ", 20_000_000)]
    [TestCase("3 min", 1_800_000_000)]
    [TestCase("0.5h", 18_000_000_000)]
    [TestCase("1 d", 864_000_000_000)]
    [TestCase("00:00:01.5", 15_000_000)]
    [TestCase("24:00:00", 864_000_000_000)]
    [TestCase("100:00:00", 3_600_000_000_000)]
    public void A_span_is_parsed(string text, long ticks) =>
        Assert.That(SpanText.Parse(text), Is.EqualTo(new Parsed<TimeSpan>(TimeSpan.FromTicks(ticks), null)));

    [TestCase("60")]
    [TestCase("0")]
    [TestCase("-1 s")]
    [TestCase("1 fortnight")]
    [TestCase("1 m")]
    [TestCase("1e3 s")]
    [TestCase("1,5 s")]
    [TestCase("12:60:00")]
    [TestCase("1.00:00:00")]
    [TestCase("12:30")]
    [TestCase("s")]
    [TestCase("999999999999999 d")]
    [TestCase("")]
    public void An_invalid_span_is_refused_with_a_remedy(string text) => Assert.That(SpanText.Parse(text).Remedy, Does.Contain("span"));

    [TestCase("0", 0)]
    [TestCase("8388608", 8388608)]
    [TestCase("64 KiB", 65536)]
    [TestCase("1.5MiB", 1572864)]
    [TestCase("2 gib", 2147483648)]
    public void A_size_is_parsed(string text, long bytes) =>
        Assert.That(SizeText.Parse(text), Is.EqualTo(new Parsed<long>(bytes, null)));

    [TestCase("8 MB")]
    [TestCase("-1")]
    [TestCase("0.3 KiB")]
    [TestCase("999999999999999999 GiB")]
    [TestCase("0x10")]
    [TestCase("")]
    public void An_invalid_size_is_refused_with_a_remedy(string text) => Assert.That(SizeText.Parse(text).Remedy, Does.Contain("size"));

    [FsCheck.NUnit.Property]
    public bool A_span_survives_its_own_text(long ticks)
    {
        var span = TimeSpan.FromTicks(Math.Abs(ticks % TimeSpan.FromDays(10_000).Ticks));
        return SpanText.Parse(SpanText.Format(span)).Value == span;
    }

    [FsCheck.NUnit.Property]
    public bool A_size_survives_its_own_text(long bytes)
    {
        long size = Math.Abs(bytes % (1L << 50));
        return SizeText.Parse(SizeText.Format(size)).Value == size;
    }

    [FsCheck.NUnit.Property]
    public bool Every_text_is_either_a_value_or_refused_with_a_remedy(string? text)
    {
        string any = text ?? "";
        string?[] remedies =
        [
            SpanText.Parse(any).Remedy, SizeText.Parse(any).Remedy, AddressText.ParseNetwork(any).Remedy,
            AddressText.ParseReceive(any).Remedy, PlainValues.Port(any).Remedy, PlainValues.Switch(any).Remedy,
        ];
        return remedies.All(r => r is null || r.Length > 0) && remedies.Count(r => r is null) <= 2;
    }
}
