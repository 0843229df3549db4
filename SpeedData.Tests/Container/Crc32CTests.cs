using SpeedData.Core.Container;

namespace SpeedData.Tests.Container;

public sealed class Crc32CTests
{
    /// <remarks>RFC 3720, appendix B.4, and the check value of the catalogue of parametrised CRC algorithms (G. Cook).</remarks>
    [Test]
    public void The_checksum_equals_published_values()
    {
        byte[] counting = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];
        Assert.Multiple(() =>
        {
            Assert.That(Crc32C.Append(0, "123456789"u8), Is.EqualTo(0xE306_9283));
            Assert.That(Crc32C.Append(0, new byte[32]), Is.EqualTo(0x8A91_36AA));
            Assert.That(Crc32C.Append(0, counting), Is.EqualTo(0x46DD_794E));
        });
    }

    [TestCase(0)]
    [TestCase(255)]
    [TestCase(256)]
    [TestCase(511)]
    [TestCase(769)]
    [TestCase(12_287)]
    [TestCase(12_288)]
    [TestCase(262_144)]
    [TestCase(300_003)]
    public void Every_CPU_path_equals_the_definition(int length)
    {
        byte[] bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        uint expected = ByDefinition(bytes);
        Assert.Multiple(() =>
        {
            Assert.That(Crc32C.Append(0, bytes), Is.EqualTo(expected));
            Assert.That(~SteppedCrc32C.Append(~0u, bytes), Is.EqualTo(expected));
            Assert.That(Crc32C.Append(Crc32C.Append(0, bytes.AsSpan(0, length / 3)), bytes.AsSpan(length / 3)), Is.EqualTo(expected));
        });
    }

    private static uint ByDefinition(byte[] bytes)
    {
        uint crc = ~0u;
        foreach (byte b in bytes)
            crc = Crc32C.TimesXToThe(8, crc ^ b);
        return ~crc;
    }
}
