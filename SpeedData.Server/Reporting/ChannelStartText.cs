using SpeedData.Core.Configuration;
using SpeedData.Core.Configuration.Values;
using SpeedData.Core.Schema;

namespace SpeedData.Server.Reporting;

/// <summary>One line for each channel at the start: where it receives and sends, what it takes for time, and how long it keeps.</summary>
internal static class ChannelStartText
{
    public static string Of(ChannelOptions channel) =>
        $"Channel {channel.Name}: receives on {channel.Receive.Address}:{channel.Port}; full rate {Stream(channel.FullRate)}; decimated {Stream(channel.Decimated)}; time field {Time(channel)}; {Retention(channel.Archive)}";

    private static string Stream(StreamOptions stream) => stream.Enabled ? $"to {stream.Address}:{stream.Port}" : "off";

    private static string Time(ChannelOptions channel)
    {
        try
        {
            return TimeField.Find(RecordSchema.Load(channel.SchemaPath).Layout, channel.Time.Field, channel.Time.UnitNs) is { } time ? $"{time.Name} in {TimeUnitText.Format(time.UnitNs)}" : "none";
        }
        catch (Exception e) when (e is SchemaException or IOException or UnauthorizedAccessException)
        {
            return "not known, since the schema cannot be read";
        }
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
        return limits.Length == 0 ? "archived, kept until the disk is short" : $"archived, kept {string.Join(" and ", limits)}";
    }
}
