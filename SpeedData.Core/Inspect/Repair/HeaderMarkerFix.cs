using SpeedData.Core.Container;

namespace SpeedData.Core.Inspect.Repair;

/// <summary>
/// Opens a file and restores a damaged sync marker of the header, because no block can be found without it. The marker after the first
/// block is used if the second block ends with it too, or if there is no second block.
/// </summary>
internal static class HeaderMarkerFix
{
    /// <param name="source">The file.</param>
    /// <param name="found">Receives a finding if the marker was damaged.</param>
    /// <param name="fault">Why the file has no readable header.</param>
    /// <param name="stop">Cancels the search for markers.</param>
    /// <returns>Null if the file has no readable header.</returns>
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
        found.Findings.Add(FindingKind.BadHeader, first - ContainerHeader.SyncLength, null, "the sync marker in the header differs from the marker of the blocks; the marker of the blocks was used");
        return repaired;
    }
}
