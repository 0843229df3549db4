using System.Diagnostics;
using SpeedData.Core.Container;

namespace SpeedData.Tests.Container;

/// <summary>Codecs that SpeedData reads but does not write.</summary>
[TestFixture("bzip2")]
[TestFixture("xz")]
public sealed class ForeignCodecTests(string codec)
{
    private static readonly byte[] Plain = [.. Enumerable.Range(0, 300_000).Select(i => (byte)(i * i >> 7))];

    private readonly BlockDecoder _decoder = BlockDecoder.For(codec)!;
    private readonly byte[] _stored = ForeignCodec.Encode(codec, Plain);

    [Test]
    public void Encoded_data_is_decoded_repeatedly()
    {
        for (int i = 0; i < 3; i++)
        {
            Assert.That(_decoder.Decode(_stored, out ReadOnlySpan<byte> decoded), Is.EqualTo(DecodeOutcome.Whole));
            Assert.That(decoded.SequenceEqual(Plain), Is.True);
        }
    }

    [Test]
    public void Data_encoded_by_python_is_decoded([Values(0, 10, 2_000_000)] int length)
    {
        string module = codec == "xz" ? "lzma" : "bz2";
        var start = new ProcessStartInfo("python3", ["-c", $"import sys, {module}; sys.stdout.buffer.write({module}.compress(bytes(i * i >> 7 & 255 for i in range({length}))))"]) { RedirectStandardOutput = true };
        using Process process = Process.Start(start)!;
        var stored = new MemoryStream();
        process.StandardOutput.BaseStream.CopyTo(stored);
        process.WaitForExit();
        if (process.ExitCode != 0)
            Assert.Ignore("python3 is not installed");
        Assert.That(_decoder.Decode(stored.ToArray(), out ReadOnlySpan<byte> decoded), Is.EqualTo(DecodeOutcome.Whole));
        Assert.That(decoded.SequenceEqual(Enumerable.Range(0, length).Select(i => (byte)((long)i * i >> 7)).ToArray()), Is.True);
    }

    [Test]
    public void Data_cut_anywhere_is_incomplete()
    {
        var random = new Random(1);
        for (int i = 0; i < 100; i++)
            Assert.That(_decoder.Decode(_stored.AsSpan(0, random.Next(_stored.Length)), out _), Is.Not.EqualTo(DecodeOutcome.Whole));
    }

    [Test]
    public void Data_changed_anywhere_is_invalid_or_decodes_to_the_original()
    {
        var random = new Random(2);
        for (int i = 0; i < 200; i++)
        {
            byte[] changed = [.. _stored];
            changed[random.Next(changed.Length)] ^= (byte)(1 << random.Next(8));
            if (_decoder.Decode(changed, out ReadOnlySpan<byte> decoded) == DecodeOutcome.Whole)
                Assert.That(decoded.SequenceEqual(Plain), Is.True);
        }
    }

    [Test]
    public void Bytes_after_the_end_are_not_ignored() =>
        Assert.That(_decoder.Decode([.. _stored, 1, 2, 3], out _), Is.Not.EqualTo(DecodeOutcome.Whole));

    [Test]
    public void Data_that_decodes_to_more_than_allowed_is_refused() =>
        Assert.That(BlockDecoder.For(codec, 100_000)!.Decode(_stored, out _), Is.EqualTo(DecodeOutcome.TooLarge));
}
