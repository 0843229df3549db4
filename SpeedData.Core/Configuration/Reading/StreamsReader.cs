using System.Globalization;
using SpeedData.Core.Configuration.Values;

namespace SpeedData.Core.Configuration.Reading;

/// <summary>Reads a channel's two streams. Ports that are not given follow from the channel's port.</summary>
internal sealed class StreamsReader(Scope scope, int channelPort)
{
    private const int FirstInput = 26000, LastInput = 27000, FirstFullRate = 6000, FirstDecimated = 6001;

    public StreamOptions FullRate(KeyReader keys, StreamOptions standard) => Common(keys, standard, FirstFullRate);

    public DecimatedOptions Decimated(KeyReader keys, DecimatedOptions standard)
    {
        StreamOptions common = Common(keys, standard, FirstDecimated);
        return new DecimatedOptions
        {
            Enabled = common.Enabled,
            Address = common.Address,
            Port = common.Port,
            Interface = common.Interface,
            Ttl = common.Ttl,
            Loopback = common.Loopback,
            BufferBytes = common.BufferBytes,
            Factor = keys.Value("Factor", PlainValues.Between(1, 1_000_000), standard.Factor),
            Algorithm = keys.Value("Algorithm", t => PlainValues.OneOf(t, DecimationAlgorithm.Downsample, DecimationAlgorithm.Average, DecimationAlgorithm.MinMax, DecimationAlgorithm.Rms), standard.Algorithm),
            MaxWindow = keys.Optional("MaxWindow", Ranges.MaxWindow),
        };
    }

    private StreamOptions Common(KeyReader keys, StreamOptions standard, int firstPort)
    {
        bool enabled = keys.Value("Enabled", PlainValues.Switch, standard.Enabled);
        return new StreamOptions
        {
            Enabled = enabled,
            Address = keys.Value("Address", AddressText.ParseDestination, standard.Address),
            Port = Port(keys, enabled, firstPort),
            Interface = keys.Optional<string?>("Interface", AddressText.ParseInterface),
            Ttl = keys.Value("Ttl", PlainValues.Between(0, 255), standard.Ttl),
            Loopback = keys.Value("Loopback", PlainValues.Switch, standard.Loopback),
            BufferBytes = keys.Value("BufferBytes", Ranges.SocketBuffer, standard.BufferBytes),
        };
    }

    private int Port(KeyReader keys, bool enabled, int firstPort)
    {
        if (channelPort is >= FirstInput and <= LastInput)
            return keys.Value("Port", PlainValues.Port, firstPort + (2 * (channelPort - FirstInput)));
        if (!enabled || channelPort == 0 || scope.Order < 0)
        {
            // The stream is not sent, or the channel's own port is wrong and was reported.
            if (!keys.Has("Port"))
                keys.Doubt("Port");
            return keys.Value("Port", PlainValues.Port, 0);
        }

        return keys.Required("Port", PlainValues.Port, string.Create(
            CultureInfo.InvariantCulture, $"needed because the channel's port is not from {FirstInput} to {LastInput}; use a UDP port from 1 to 65535"));
    }
}
