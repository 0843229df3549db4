namespace SpeedData.Core.Archive.Recovery;

/// <summary>What became of a part file that a process left behind.</summary>
/// <param name="File">The archive's name, or the part file's where there is none.</param>
/// <param name="Blocks">Whole blocks kept.</param>
/// <param name="SalvagedRecords">Records saved from a torn last block.</param>
/// <param name="AsideBytes">Bytes moved to <paramref name="AsideFile"/>, since they could not be understood.</param>
/// <param name="AsideFile">Name of that file; null if nothing was moved.</param>
/// <param name="Why">Why they could not be; why the file could not be recovered.</param>
/// <param name="Failed">Whether the file was left as it is, to be tried again.</param>
public sealed record RecoveryReport(string File, long Blocks, long SalvagedRecords, long AsideBytes, string? AsideFile, string? Why, bool Failed);
