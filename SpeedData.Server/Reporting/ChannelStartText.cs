using SpeedData.Core.Channels;
using SpeedData.Core.Configuration;
using SpeedData.Core.Configuration.Values;
using SpeedData.Core.Schema;

namespace SpeedData.Server.Reporting;

/// <summary>Writes the log line of a channel's start: addresses, time field, and how long archives are kept.</summary>
internal static class ChannelStartText
{
    public static string Of(Channel channel)
    {
        ChannelOptions options = channel.Options;
        return $"Channel {channel.Name}: receives on {options.Receive.Address}:{options.Port}; full rate {Stream(options.FullRate)}; decimated {Stream(options.Decimated)}; time field {Time(channel)}; {Retention(options.Archive)}";
    }

    private static string Stream(StreamOptions stream) => stream.Enabled ? $"to {stream.Address}:{stream.Port}" : "off";

    private static string Time(Channel channel)
    {
        if (channel.KnownSchema is not { } schema)
            return "not known until the schema can be read";
        return TimeField.Find(schema.Layout, channel.Options.Time.Field, channel.Options.Time.UnitNs) is { } time ? $"{time.Name} in {TimeUnitText.Format(time.UnitNs)}" : "none";
    }

    private static string Retention(ArchiveOptions archive)
    {
        if (!archive.Enabled)
            return "not archived";
        string[] limits =
        [
            .. archive.RetainFor is { } age ? (string[])[$"for {age.TotalHours:0.##} h"] : [],
            .. archive.RetainBytes is { } bytes ? (string[])[$"up to {bytes:N0} bytes"] : [],
        ];
        return limits.Length == 0 ? "archived, kept until the disk is nearly full" : $"archived, kept {string.Join(" and ", limits)}";
    }
}
