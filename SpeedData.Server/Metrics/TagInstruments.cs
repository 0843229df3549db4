using System.Diagnostics.Metrics;
using SpeedData.Core.Tags;

namespace SpeedData.Server.Metrics;

/// <summary>Metrics of the tags.</summary>
internal static class TagInstruments
{
    /// <param name="meter">The server's meter.</param>
    /// <param name="totals">Returns what tags keep, without waiting.</param>
    public static void Describe(Meter meter, Func<TagTotals> totals)
    {
        meter.CreateObservableGauge("speeddata_tags", () => Counts(totals()), "{tag}", "Tags, by state: open or closed.");
        meter.CreateObservableGauge("speeddata_tags_bytes", () => totals().Bytes, "By", "Bytes that all tags keep, each file once.");
        meter.CreateObservableGauge("speeddata_tags_limit_bytes", () => Limit(totals()), "By", "Bytes that tags may keep (Tags:MaxBytes); absent for no limit.");
        meter.CreateObservableGauge("speeddata_tags_missing_files", () => (long)totals().Missing, "{file}", "Files that tags should keep but do not have; GET /api/v1/tags gives the reason.");
        meter.CreateObservableGauge("speeddata_tagged_bytes", () => Channels(totals()), "By", "Bytes of a channel that tags keep, each file once.");
    }

    private static IEnumerable<Measurement<long>> Counts(TagTotals totals) =>
        [new(totals.Open, new KeyValuePair<string, object?>("state", "open")), new(totals.Tags - totals.Open, new KeyValuePair<string, object?>("state", "closed"))];

    private static IEnumerable<Measurement<long>> Limit(TagTotals totals) => totals.MaxBytes is { } bytes ? [new(bytes)] : [];

    private static IEnumerable<Measurement<long>> Channels(TagTotals totals) =>
        totals.ByChannel.Select(channel => new Measurement<long>(channel.Value, new KeyValuePair<string, object?>("channel", channel.Key)));
}
