using System.Globalization;
using System.Net;
using System.Net.Sockets;
using SpeedData.Core.Configuration;
using SpeedData.Core.Reading;

namespace SpeedData.Server.Replaying;

/// <summary>The target addresses of a channel's streams; null for a stream that is not sent.</summary>
internal sealed record ReplayTarget(ChannelOptions Options, StreamOptions? Full, StreamOptions? Decimated)
{
    public IEnumerable<StreamOptions> Streams => new[] { Full, Decimated }.OfType<StreamOptions>();
}

/// <summary>Finds the target addresses of each channel: from the command line, else from the configuration.</summary>
internal sealed class ReplayTargets(ReplayArguments arguments)
{
    private readonly Lazy<ConfigurationResult> _configured = new(() => Configured(arguments.Place.ConfigFiles));

    /// <exception cref="ReadingException">An address is wrong, or is missing.</exception>
    public ReplayTarget Of(string channel)
    {
        bool wantsFull = arguments.Streams != ReplayStreams.Decimated, wantsDecimated = arguments.Streams != ReplayStreams.Full;
        ChannelOptions? known = _configured.Value.Options?.Channels.FirstOrDefault(options => options.Name.Equals(channel, StringComparison.OrdinalIgnoreCase));
        if (wantsDecimated && known is null)
            throw new ReadingException($"--stream {arguments.Streams.ToString().ToLowerInvariant()}: {NotConfigured(channel)}, so its decimation is not known; name the configuration file with --config");
        ChannelOptions options = known ?? new ChannelOptions { Name = channel, Port = 0, SchemaPath = "" };
        if (Given(channel) is { } given)
        {
            StreamOptions full = options.FullRate.Target() with { Enabled = true, Address = given.Address, Port = given.Port };
            StreamOptions decimated = full with { Port = full.Port + (wantsFull ? 1 : 0) };
            if (decimated.Port > ushort.MaxValue)
                throw new ReadingException($"--send-to {given}: with --stream both the decimated stream goes to the next port, but there is none");
            return new ReplayTarget(options, wantsFull ? full : null, wantsDecimated ? decimated : null);
        }

        if (known is null)
            throw new ReadingException($"--send-to is needed: {NotConfigured(channel)}");
        return new ReplayTarget(options, wantsFull ? Demand(known.FullRate, channel, "FullRate") : null, wantsDecimated ? Demand(known.Decimated, channel, "Decimated").Target() : null);
    }

    private static StreamOptions Demand(StreamOptions stream, string channel, string key) => stream.Enabled
        ? stream
        : throw new ReadingException($"--send-to is needed: channel '{channel}' has {key}:Enabled = false, so it has no address");

    private string NotConfigured(string channel) => _configured.Value.Faults is [var fault, ..]
        ? $"the configuration cannot be used: {fault}"
        : $"the configuration has no channel '{channel}'";

    // The last --send-to that names the channel wins, else the last one that names no channel.
    private IPEndPoint? Given(string channel)
    {
        (string? Channel, IPEndPoint Address)[] all = [.. arguments.SendTo.Select(Parse)];
        foreach ((string? named, _) in all)
        {
            if (named is not null && !arguments.Channels.Contains(named, StringComparer.OrdinalIgnoreCase) && !named.Equals(channel, StringComparison.OrdinalIgnoreCase))
                throw new ReadingException($"--send-to {named}=…: --channel does not name '{named}'");
        }

        return all.LastOrDefault(one => one.Channel is not null && one.Channel.Equals(channel, StringComparison.OrdinalIgnoreCase)).Address
            ?? all.LastOrDefault(one => one.Channel is null).Address;
    }

    private static (string? Channel, IPEndPoint Address) Parse(string text)
    {
        int equals = text.LastIndexOf('='), colon = text.LastIndexOf(':');
        string host = colon > equals ? text[(equals + 1)..colon] : "";
        if (host.Length == 0 || !ushort.TryParse(text[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out ushort port) || port == 0)
            throw new ReadingException($"--send-to {text}: use HOST:PORT or CHANNEL=HOST:PORT, for example 127.0.0.1:7000");
        return (equals < 0 ? null : text[..equals], new IPEndPoint(Resolve(text, host), port));
    }

    private static IPAddress Resolve(string text, string host)
    {
        if (IPAddress.TryParse(host, out IPAddress? literal) && literal.Equals(IPAddress.Any))
            throw new ReadingException($"--send-to {text}: {host} is not an address of a host; for this host use {IPAddress.Loopback}");
        try
        {
            return Array.Find(Dns.GetHostAddresses(host), address => address.AddressFamily == AddressFamily.InterNetwork)
                ?? throw new ReadingException($"--send-to {text}: '{host}' has no IPv4 address");
        }
        catch (Exception e) when (e is SocketException or ArgumentException)
        {
            throw new ReadingException($"--send-to {text}: '{host}' is not known: {e.Message}", e);
        }
    }

    private static ConfigurationResult Configured(IReadOnlyList<string> files) =>
        ConfigurationReader.Read(ConfigurationFiles.Load(files, []), new ConfigurationProbes { Schema = Application.Judge });
}
