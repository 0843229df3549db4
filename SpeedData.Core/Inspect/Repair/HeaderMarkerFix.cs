using SpeedData.Core.Container;

namespace SpeedData.Core.Inspect.Repair;

/// <summary>
/// Opens a file whose header may have a damaged sync marker, without which no block would be found. Another marker is accepted
/// if the first block ends with it, and the second does too or the file ends there.
/// </summary>
internal static class HeaderMarkerFix
{
    /// <param name="source">The file.</param>
    /// <param name="found">Gets a finding where the marker was damaged.</param>
    /// <param name="fault">Why it has no header.</param>
    /// <param name="stop">Ends the search for markers.</param>
    /// <returns>Null if it has none.</returns>
    public static ContainerReader? Open(IByteSource source, FileReport found, out ContainerFault? fault, CancellationToken stop)
    {
        ContainerReader? reader = ContainerReader.Open(source, out fault);
        if (reader is null || reader.Length <= reader.Header.Length)
            return reader;
        long first = reader.Header.Length;
        if (reader.ReadFrame(first, out BlockFrame frame) is not { Kind: ContainerFaultKind.SyncMismatch } || reader.FindSync(first, stop) >= 0)
            return reader;
        byte[] marker = reader.Bytes(frame.DataEnd, ContainerHeader.SyncLength).ToArray();
        ContainerReader repaired = reader.WithSync(marker);
        if (frame.End < repaired.Length && repaired.ReadFrame(frame.End, out _) is not (null or { Kind: ContainerFaultKind.TooLarge }))
            return reader;
        found.Findings.Add(FindingKind.BadHeader, first - ContainerHeader.SyncLength, null, "the sync marker in the header is not that of the blocks; the blocks' marker was used");
        return repaired;
    }
}
