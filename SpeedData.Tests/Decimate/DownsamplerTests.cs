using SpeedData.Core.Decimate;

namespace SpeedData.Tests.Decimate;

public sealed class DownsamplerTests
{
    [TestCase(1, new[] { 3, 3 }, new[] { 0, 1, 2, 3, 4, 5 })]
    [TestCase(2, new[] { 3, 3, 1 }, new[] { 1, 3, 5 })]
    [TestCase(5, new[] { 4, 1, 9, 1, 3 }, new[] { 4, 9, 14 })]
    [TestCase(5, new[] { 64 }, new[] { 4, 9, 14, 19, 24, 29, 34, 39, 44, 49, 54, 59 })]
    [TestCase(1000, new[] { 64, 64 }, new int[0])]
    public unsafe void The_last_datagram_of_every_window_goes_on_however_they_come_in_bursts(int factor, int[] bursts, int[] expected)
    {
        var sent = new List<int>();
        var downsampler = new Downsampler(factor, (payload, length, segment) => sent.Add(*(int*)payload));
        int next = 0;
        foreach (int count in bursts)
        {
            var payload = new int[count];
            for (int i = 0; i < count; i++)
                payload[i] = next++;
            fixed (int* p = payload)
                downsampler.Add((byte*)p, count * sizeof(int), sizeof(int));
        }

        Assert.That(sent, Is.EqualTo(expected));
    }

    [Test]
    public unsafe void A_shorter_last_datagram_keeps_its_own_length()
    {
        var lengths = new List<int>();
        var downsampler = new Downsampler(1, (_, length, _) => lengths.Add(length));
        fixed (byte* p = new byte[25])
            downsampler.Add(p, 25, 10);
        Assert.That(lengths, Is.EqualTo(new[] { 10, 10, 5 }));
    }

    [Test]
    public unsafe void Every_thousandth_of_many_is_sent()
    {
        int sent = 0;
        var downsampler = new Downsampler(1000, (_, _, _) => sent++);
        fixed (byte* p = new byte[64])
        {
            for (int i = 0; i < 1000; i++)
                downsampler.Add(p, 64, 1);
        }

        Assert.That(sent, Is.EqualTo(64));
    }
}
