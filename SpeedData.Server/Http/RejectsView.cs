namespace SpeedData.Server.Http;

/// <summary>The refused datagrams of a channel.</summary>
internal sealed record RejectsView(string Channel, IReadOnlyList<RejectGroupView> Groups);

/// <summary>Refused datagrams of one source and reason. Source <c>other</c> holds all datagrams beyond the limit of groups.</summary>
internal sealed record RejectGroupView(string Source, string Reason, long Count, IReadOnlyList<RejectSampleView> First, IReadOnlyList<RejectSampleView> Latest);

/// <summary>One refused datagram and what is known about it.</summary>
/// <param name="At">When it arrived.</param>
/// <param name="Source">The sender's address and port.</param>
/// <param name="Length">Its length in bytes.</param>
/// <param name="Hex">Its first bytes.</param>
/// <param name="Field">The field where the check failed; empty for the whole record, null if the check did not fail.</param>
/// <param name="Offset">The byte where the check failed.</param>
/// <param name="Why">Why it failed.</param>
/// <param name="WholeRecords">How many whole records of the channel's schema it starts with.</param>
/// <param name="FitsChannel">Another channel whose schema it fits.</param>
/// <param name="Hints">What the datagram looks like, and how to fix the sender.</param>
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
