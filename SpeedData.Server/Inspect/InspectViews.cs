using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using SpeedData.Core.Archive.Index;
using SpeedData.Core.Inspect;
using SpeedData.Core.Inspect.Repair;
using SpeedData.Server.Http;

namespace SpeedData.Server.Inspect;

/// <summary>The JSON output of verify.</summary>
internal sealed record VerifyView(IReadOnlyList<VerifiedFileView> Files, IReadOnlyList<string> Missing, int ExitCode);

/// <summary>The JSON output of repair.</summary>
internal sealed record RepairView(IReadOnlyList<RepairedFileView> Files, IReadOnlyList<string> Missing, IReadOnlyList<string> Unreadable, int ExitCode);

/// <summary>A span of time in ISO 8601 with nanoseconds.</summary>
internal sealed record SpanView(string? First, string? Last)
{
    public static SpanView? Of(long? first, long? last) => first is null && last is null ? null : new SpanView(TimeText.Of(first), TimeText.Of(last));
}

/// <summary>A finding; <c>bytes</c> is the length of the unreadable part.</summary>
internal sealed record FindingView(string Kind, long? Offset, long? Bytes, string Detail)
{
    public static IReadOnlyList<FindingView> Of(FindingList findings) =>
        [.. findings.Listed.Select(finding => new FindingView(ApiJson.NameOf(finding.Kind), finding.Offset, finding.Bytes, finding.Detail))];

    public static IReadOnlyDictionary<string, long> Counts(FindingList findings) =>
        findings.Counts.ToDictionary(pair => ApiJson.NameOf(pair.Key), pair => pair.Value);
}

/// <summary>The result of verify for one file.</summary>
internal sealed record VerifiedFileView(string Path, string Role, bool Clean)
{
    public long Bytes { get; init; }

    public string? Codec { get; init; }

    public string? Schema { get; init; }

    public string? Channel { get; init; }

    public long Records { get; init; }

    public long Blocks { get; init; }

    public long DamagedBlocks { get; init; }

    public long RecordsLost { get; init; }

    public bool BeingWritten { get; init; }

    public string? Index { get; init; }

    public long IndexEntries { get; init; }

    public SpanView? Received { get; init; }

    public SpanView? Device { get; init; }

    public IndexDrops Dropped { get; init; }

    public CounterTally? Counter { get; init; }

    public IReadOnlyDictionary<string, long> FindingCounts { get; init; } = new Dictionary<string, long>();

    public IReadOnlyList<FindingView> Findings { get; init; } = [];

    public IReadOnlyList<FindingView> Warnings { get; init; } = [];

    public IReadOnlyList<string> Notes { get; init; } = [];

    public string? OnlyInTag { get; init; }

    public IReadOnlyList<string> NotFindable { get; init; } = [];

    public static VerifiedFileView Of(FileReport report) => new(report.Path, ApiJson.NameOf(report.Role), report.Findings.Total == 0)
    {
        Bytes = report.Bytes,
        Codec = report.Codec,
        Schema = report.Schema,
        Channel = report.Channel,
        Records = report.Records,
        Blocks = report.Blocks,
        DamagedBlocks = report.DamagedBlocks,
        RecordsLost = report.RecordsLost,
        BeingWritten = report.IsBeingWritten,
        Index = ApiJson.NameOf(report.Index),
        IndexEntries = report.IndexEntries,
        Received = SpanView.Of(report.ReceivedFirstNs, report.ReceivedLastNs),
        Device = SpanView.Of(report.DeviceFirstNs, report.DeviceLastNs),
        Dropped = report.Dropped,
        Counter = report.Counter,
        FindingCounts = FindingView.Counts(report.Findings),
        Findings = FindingView.Of(report.Findings),
        Warnings = FindingView.Of(report.Warnings),
        Notes = report.Notes,
        OnlyInTag = report.OnlyInTag,
        NotFindable = [.. UndetectableFaults.Of(report)],
    };
}

/// <summary>The result of repair for one file.</summary>
internal sealed record RepairedFileView(string Path, string? Target, string? TargetIndex, bool Lossy, string? Trouble)
{
    public long Blocks { get; init; }

    public long Records { get; init; }

    public long SalvagedBlocks { get; init; }

    public long SalvagedRecords { get; init; }

    public long LostRecords { get; init; }

    public long LostBytes { get; init; }

    public long IndexEntriesCopied { get; init; }

    public long IndexEntriesMade { get; init; }

    public IReadOnlyDictionary<string, long> FindingCounts { get; init; } = new Dictionary<string, long>();

    public IReadOnlyList<FindingView> Findings { get; init; } = [];

    public IReadOnlyList<string> Notes { get; init; } = [];

    public static RepairedFileView Of(RepairReport report) => new(report.Found.Path, report.Target, report.TargetIndex, report.IsLossy, report.Trouble)
    {
        Blocks = report.Blocks,
        Records = report.Records,
        SalvagedBlocks = report.SalvagedBlocks,
        SalvagedRecords = report.SalvagedRecords,
        LostRecords = report.LostRecords,
        LostBytes = report.LostBytes,
        IndexEntriesCopied = report.IndexEntriesCopied,
        IndexEntriesMade = report.IndexEntriesMade,
        FindingCounts = FindingView.Counts(report.Found.Findings),
        Findings = FindingView.Of(report.Found.Findings),
        Notes = report.Found.Notes,
    };
}

/// <summary>The JSON of verify and repair: snake_case, absent values as null.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(VerifyView))]
[JsonSerializable(typeof(RepairView))]
internal sealed partial class InspectJson : JsonSerializerContext
{
    public static void Write(TextWriter output, VerifyView view) => Write(output, view, Default.VerifyView);

    public static void Write(TextWriter output, RepairView view) => Write(output, view, Default.RepairView);

    private static void Write<T>(TextWriter output, T view, JsonTypeInfo<T> type) => output.WriteLine(JsonSerializer.Serialize(view, type));
}
