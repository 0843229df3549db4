namespace SpeedData.Core.Archive.Recovery;

/// <summary>The result for a part file that an earlier process left.</summary>
/// <param name="File">The archive's name, or the part file's name if there is no archive.</param>
/// <param name="Blocks">Whole blocks kept.</param>
/// <param name="SalvagedRecords">Records saved from a torn last block.</param>
/// <param name="AsideBytes">Bytes moved to <paramref name="AsideFile"/>, because they could not be decoded.</param>
/// <param name="AsideFile">Name of that file; null if nothing was moved.</param>
/// <param name="Why">Why bytes could not be decoded, or why the file could not be recovered.</param>
/// <param name="Failed">Whether the file was left unchanged, to be tried again.</param>
public sealed record RecoveryReport(string File, long Blocks, long SalvagedRecords, long AsideBytes, string? AsideFile, string? Why, bool Failed);
