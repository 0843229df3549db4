namespace SpeedData.Server.Http;

/// <summary>The refused datagrams of a channel.</summary>
internal sealed record RejectsView(string Channel, IReadOnlyList<RejectGroupView> Groups);

/// <summary>Refused datagrams of one source and reason; source <c>other</c> holds all that found no group of their own.</summary>
internal sealed record RejectGroupView(string Source, string Reason, long Count, IReadOnlyList<RejectSampleView> First, IReadOnlyList<RejectSampleView> Latest);

/// <summary>One refused datagram and what is known about it.</summary>
/// <param name="At">When it came.</param>
/// <param name="Source">Who sent it, with port.</param>
/// <param name="Length">Its bytes.</param>
/// <param name="Hex">Its first bytes.</param>
/// <param name="Field">The field where the check failed; empty for the record as a whole, null if it did not fail.</param>
/// <param name="Offset">The byte where the check failed.</param>
/// <param name="Why">Why it failed.</param>
/// <param name="WholeRecords">Whole records of the channel's schema that it begins with.</param>
/// <param name="FitsChannel">A channel whose schema it does fit.</param>
/// <param name="Hints">What it looks like, and what would mend it.</param>
internal sealed record RejectSampleView(
    DateTimeOffset At,
    string Source,
    int Length,
    string Hex,
    string? Field,
    int? Offset,
    string? Why,
    int? WholeRecords,
    string? FitsChannel,
    IReadOnlyList<string> Hints);
