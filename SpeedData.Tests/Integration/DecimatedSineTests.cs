using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using SpeedData.Core.Channels;
using SpeedData.Core.Configuration;
using SpeedData.Tests.Schema;
using SpeedData.Tests.Support;

namespace SpeedData.Tests.Integration;

/// <summary>
/// A sine of 10 Hz over real sockets, with 5,000 records per second and windows of 50 records. A window is a tenth of a period, so
/// its mean and its root mean square are known.
/// </summary>
public sealed class DecimatedSineTests
{
    private const int Samples = 5_000, Factor = 50, SpikeAt = 2_222;
    private const double Spike = 100, Step = 2 * Math.PI * 10 / 5_000, Accuracy = 1e-13;

    private static readonly string Schema = Schemas.Record(("time", """{"type":"long","logicalType":"timestamp-nanos"}"""), ("value", "\"double\""));

    [Test]
    public async Task The_mean_agrees_with_the_formula() =>
        AssertEach(await Decimated(DecimationAlgorithm.Average, Sine), first => Math.Sin(Factor * Step / 2) / (Factor * Math.Sin(Step / 2)) * Math.Sin(Step * (first + ((Factor - 1) / 2.0))));

    [Test]
    public async Task The_root_mean_square_agrees_with_the_formula() =>
        AssertEach(await Decimated(DecimationAlgorithm.Rms, Sine), first => Math.Sqrt((1 - (Math.Sin(Factor * Step) / (Factor * Math.Sin(Step)) * Math.Cos(Step * ((2 * first) + Factor - 1)))) / 2));

    [Test]
    public async Task Minima_and_maxima_enclose_the_sine_and_show_a_spike_of_one_datagram()
    {
        List<double> values = await Decimated(DecimationAlgorithm.MinMax, WithSpike);
        Assert.That(values, Has.Count.EqualTo(Samples / Factor));
        for (int i = 0; i < values.Count; i += 2)
        {
            double[] window = [.. Enumerable.Range(i * Factor, 2 * Factor).Select(WithSpike)];
            Assert.That((values[i], values[i + 1]), Is.EqualTo((window.Min(), window.Max())));
        }

        Assert.That(values.Max(), Is.EqualTo(Spike));
    }

    [Test]
    public async Task Downsampling_takes_the_last_record_of_each_window_and_misses_the_spike()
    {
        List<double> values = await Decimated(DecimationAlgorithm.Downsample, WithSpike);
        Assert.That(values, Is.EqualTo(Enumerable.Range(1, Samples / Factor).Select(window => Sine((window * Factor) - 1))));
        Assert.That(values.Max(), Is.LessThanOrEqualTo(1));
    }

    private static double Sine(int sample) => Math.Sin(Step * sample);

    private static double WithSpike(int sample) => sample == SpikeAt ? Spike : Sine(sample);

    private static void AssertEach(List<double> values, Func<int, double> expected)
    {
        Assert.That(values, Has.Count.EqualTo(Samples / Factor));
        for (int window = 0; window < values.Count; window++)
            Assert.That(values[window], Is.EqualTo(expected(window * Factor)).Within(Accuracy), $"window {window}");
    }

    /// <summary>Sends the signal and returns the values of the decimated stream.</summary>
    private static async Task<List<double>> Decimated(DecimationAlgorithm algorithm, Func<int, double> signal)
    {
        using var folder = new TempFolder();
        using var fleet = new Fleet();
        Socket decimated = fleet.Receiver();
        ChannelOptions options = fleet.Options("sine", decimated: decimated);
        options = options with
        {
            SchemaPath = folder.Write("sine.avsc", Schema),
            Archive = options.Archive with { Enabled = false },
            Decimated = options.Decimated with { Algorithm = algorithm, Factor = Factor },
        };
        Channel channel = fleet.Supervisor.Add(options);
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        for (int sample = 0; sample < Samples; sample++)
        {
            if (sample % 50 == 0)
                await pace.WaitForNextTickAsync();
            fleet.Send(options, Encode(1_700_000_000_000_000_000 + (sample * 200_000L), signal(sample)));
        }

        List<byte[]> records = decimated.Take(Samples / Factor);
        Fleet.Settled(channel, Samples);
        Fleet.AssertLedger(channel);
        return [.. records.Select(record => BinaryPrimitives.ReadDoubleLittleEndian(record.AsSpan(record.Length - sizeof(double))))];
    }

    private static byte[] Encode(long time, double value)
    {
        byte[] bytes = new byte[sizeof(double)];
        BinaryPrimitives.WriteDoubleLittleEndian(bytes, value);
        return [.. Bytes.Long(time), .. bytes];
    }
}
