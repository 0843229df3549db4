using SpeedData.Core.Channels;
using SpeedData.Core.Diagnostics;
using SpeedData.Core.Schema;
using SpeedData.Server.Hosting;
using SpeedData.Server.Http;

namespace SpeedData.Server.Rejects;

/// <summary>Explains refused datagrams to the engineer who maintains the sender.</summary>
internal sealed class RejectReport(IChannelHost channels)
{
    public RejectsView Of(Channel channel) => new(channel.Name, [.. channel.Rejects.Read().Select(group => Of(channel, group))]);

    /// <summary>Describes one refused datagram.</summary>
    public RejectSampleView Of(Channel channel, RejectSample sample)
    {
        RecordLayout layout = channel.Schema.Layout;
        bool isWhole = sample.Bytes.Length == sample.Length;
        RecordFault fault = isWhole ? layout.Explain(sample.Bytes) : default;
        bool failed = fault.Kind != RecordFaultKind.None;
        string? fits = isWhole ? OtherChannelFor(channel, sample.Bytes) : null;
        return new RejectSampleView(
            sample.At,
            sample.Source.ToString(),
            sample.Length,
            Convert.ToHexStringLower(sample.Bytes),
            failed ? fault.FieldPath : null,
            failed ? fault.Offset : null,
            failed ? fault.Reason : null,
            isWhole ? layout.WholeRecords(sample.Bytes) : null,
            fits,
            [.. Hints(sample, layout, isWhole, fits)]);
    }

    private RejectGroupView Of(Channel channel, RejectGroup group) => new(
        RejectNames.SourceOf(group.Of),
        RejectNames.ReasonOf(group.Of),
        group.Of.Count,
        [.. group.First.Select(sample => Of(channel, sample))],
        [.. group.Latest.Select(sample => Of(channel, sample))]);

    private static IEnumerable<string> Hints(RejectSample sample, RecordLayout layout, bool isWhole, string? fits)
    {
        if (!isWhole)
        {
            yield return $"only its first {sample.Bytes.Length:N0} bytes were kept, so it was not examined further";
            yield break;
        }
        if (fits is not null)
        {
            yield return $"it is a record of channel '{fits}': is the sender set to the wrong port?";
            yield break;
        }
        foreach (string hint in SenderHints.For(sample.Bytes, layout))
            yield return hint;
    }

    private string? OtherChannelFor(Channel channel, byte[] datagram) => channels.Channels
        .FirstOrDefault(other => other != channel && other.KnownSchemas?.TakerOf(datagram) is not null)?.Name;
}
