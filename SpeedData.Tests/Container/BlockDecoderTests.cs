using SpeedData.Core.Container;

namespace SpeedData.Tests.Container;

[TestFixture("deflate")]
[TestFixture("zstandard")]
[TestFixture("snappy")]
public sealed class BlockDecoderTests(string codec)
{
    private static readonly byte[] Plain = [.. Enumerable.Range(0, 3000).Select(i => (byte)(i * i >> 3))];

    private BlockDecoder _decoder = null!;
    private byte[] _stored = null!;

    [SetUp]
    public void Begin()
    {
        _decoder = BlockDecoder.For(codec)!;
        using IBlockCodec encoder = IBlockCodec.For(codec)!;
        BlockData data = encoder.Encode(new BlockData(Plain.AsSpan(0, 1234), Plain.AsSpan(1234)));
        _stored = [.. data.First, .. data.Second];
    }

    [Test]
    public void Encoded_data_is_decoded_repeatedly()
    {
        for (int i = 0; i < 3; i++)
        {
            Assert.That(_decoder.Decode(_stored, out ReadOnlySpan<byte> decoded), Is.EqualTo(DecodeOutcome.Whole));
            Assert.That(decoded.ToArray(), Is.EqualTo(Plain));
        }
    }

    [Test]
    public void Empty_data_is_no_valid_stream()
    {
        Assert.That(_decoder.Decode([], out ReadOnlySpan<byte> decoded), Is.EqualTo(DecodeOutcome.Truncated));
        Assert.That(decoded.Length, Is.Zero);
    }

    [Test]
    public void A_stream_cut_anywhere_is_incomplete_and_gives_only_its_beginning()
    {
        for (int length = 0; length < _stored.Length; length++)
        {
            Assert.That(_decoder.Decode(_stored.AsSpan(0, length), out ReadOnlySpan<byte> decoded), Is.Not.EqualTo(DecodeOutcome.Whole), $"cut at {length}");
            Assert.That(codec == "snappy" || Plain.AsSpan().StartsWith(decoded), Is.True, $"cut at {length}");
        }
    }

    [Test]
    public void Bytes_after_the_stream_are_reported() =>
        Assert.That(_decoder.Decode([.. _stored, 1, 2, 3, 4, 5], out _), Is.AnyOf(DecodeOutcome.Trailing, DecodeOutcome.Corrupt));

    [Test]
    public void A_stream_changed_anywhere_throws_nothing()
    {
        for (int at = 0; at < _stored.Length; at++)
        {
            byte[] changed = [.. _stored];
            changed[at] ^= 0xFF;
            Assert.That(() => _decoder.Decode(changed, out _), Throws.Nothing, $"byte {at}");
        }
    }

    [Test]
    public void A_bomb_is_too_large_and_uses_no_more_memory_than_allowed()
    {
        byte[] bomb = Bomb.Of(codec);
        long before = GC.GetAllocatedBytesForCurrentThread();
        DecodeOutcome outcome = _decoder.Decode(bomb, out _);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Multiple(() =>
        {
            Assert.That(outcome, Is.EqualTo(DecodeOutcome.TooLarge));
            Assert.That(allocated, Is.LessThan(2L * BlockDecoder.MaxDecoded + (16 << 20)));
        });
    }

    [Test]
    public void Noise_throws_nothing()
    {
        var random = new Random(1);
        for (int i = 0; i < 2_000; i++)
        {
            byte[] noise = new byte[random.Next(200)];
            random.NextBytes(noise);
            Assert.That(() => _decoder.Decode(noise, out _), Throws.Nothing, Convert.ToHexString(noise));
        }
    }
}
