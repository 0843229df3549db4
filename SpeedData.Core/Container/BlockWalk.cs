namespace SpeedData.Core.Container;

/// <summary>A part of a container file: a block, or bytes that are not a block.</summary>
/// <param name="Frame">The block's framing. If it is damaged, as much of it as could be read.</param>
/// <param name="Fault">What is wrong with the framing; null if nothing is.</param>
/// <param name="End">The offset of the next part.</param>
/// <param name="Marker">The offset of the sync marker at the end; -1 if there is none.</param>
internal readonly record struct BlockPlace(BlockFrame Frame, ContainerFault? Fault, long End, long Marker)
{
    public long Offset => Frame.Offset;

    public long Bytes => End - Offset;

    /// <summary>Whether only the marker is damaged: at the end that the block states, the next block begins or the file ends.</summary>
    public bool IsMarkerOnly => Fault is { Kind: ContainerFaultKind.SyncMismatch } && End == Frame.End;
}

/// <summary>
/// Moves from block to block through a file that may hold any bytes. After damage it continues at the next sync marker. One thread.
/// </summary>
internal sealed class BlockWalk(ContainerReader reader, long from, CancellationToken stop)
{
    public BlockWalk(ContainerReader reader, CancellationToken stop)
        : this(reader, reader.Header.Length, stop)
    {
    }

    public BlockPlace Current { get; private set; }

    /// <summary>The offset of the next part.</summary>
    public long Position { get; private set; } = from;

    /// <summary>Moves to the next part.</summary>
    /// <returns>False at the end of the file.</returns>
    /// <exception cref="IOException">The device cannot read the bytes.</exception>
    /// <exception cref="OperationCanceledException">The walk was stopped.</exception>
    public bool MoveNext()
    {
        stop.ThrowIfCancellationRequested();
        if (Position >= reader.Length)
            return false;
        ContainerFault? fault = reader.ReadFrame(Position, out BlockFrame frame);
        Current = fault is null or { Kind: ContainerFaultKind.TooLarge } ? new BlockPlace(frame, fault, frame.End, frame.DataEnd) : Damage(frame, fault);
        Position = Current.End;
        return true;
    }

    /// <summary>
    /// Reports that the current block's data is wrong. If there is a sync marker inside it, its size was wrong and led past the next
    /// block. The walk then continues after that marker.
    /// </summary>
    public void Distrust()
    {
        BlockPlace place = Current;
        long marker = reader.FindSync(place.Frame.DataOffset, place.Frame.End - 1, stop);
        if (marker < 0)
            return;
        string why = $"the block states {place.Frame.DataLength:N0} bytes of data, but a sync marker is among them";
        Current = place with { Fault = new ContainerFault(ContainerFaultKind.SyncMismatch, place.Offset, why), End = marker + ContainerHeader.SyncLength, Marker = marker };
        Position = Current.End;
    }

    private BlockPlace Damage(in BlockFrame frame, ContainerFault fault)
    {
        if (fault.Kind == ContainerFaultKind.SyncMismatch && IsFollowed(frame))
            return new BlockPlace(frame, fault, frame.End, -1);
        long marker = reader.FindSync(frame.Offset, stop);
        return new BlockPlace(frame, fault, marker < 0 ? reader.Length : marker + ContainerHeader.SyncLength, marker);
    }

    /// <summary>
    /// Whether the next block begins, or the file ends, at the end that this block states. An earlier sync marker shows that the size is
    /// wrong: then the bytes there only look like a block by chance.
    /// </summary>
    private bool IsFollowed(in BlockFrame frame)
    {
        long end = frame.End;
        if (end < reader.Length)
        {
            if (reader.ReadFrame(end, out BlockFrame next) is not (null or { Kind: ContainerFaultKind.TooLarge }))
                return false;
            end = next.End - 1;
        }

        return reader.FindSync(frame.DataOffset, end, stop) < 0;
    }
}
