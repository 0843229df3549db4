using SpeedData.Core.Configuration;

namespace SpeedData.Core.Decimate;

/// <summary>Makes the decimator that the configuration names.</summary>
public static class Decimators
{
    public static IDecimator Create(DecimatedOptions options, DatagramSink sink) => options.Algorithm switch
    {
        DecimationAlgorithm.Downsample => new Downsampler(options.Factor, sink),
        _ => throw new ArgumentOutOfRangeException(nameof(options), options.Algorithm, null),
    };
}
