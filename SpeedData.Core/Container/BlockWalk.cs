namespace SpeedData.Core.Container;

/// <summary>A part of a container file: a block, or bytes that are no block.</summary>
/// <param name="Frame">What it says of itself; if it is damaged, as far as its numbers could be read.</param>
/// <param name="Fault">Null for a block with correct framing.</param>
/// <param name="End">Where the next part begins.</param>
/// <param name="Marker">Where the sync marker at its end stands; -1 if there is none.</param>
internal readonly record struct BlockPlace(BlockFrame Frame, ContainerFault? Fault, long End, long Marker)
{
    public long Offset => Frame.Offset;

    public long Bytes => End - Offset;

    /// <summary>Whether only the marker is damaged: the next block begins, or the file ends, where this block says.</summary>
    public bool IsMarkerOnly => Fault is { Kind: ContainerFaultKind.SyncMismatch } && End == Frame.End;
}

/// <summary>
/// Goes from block to block through a file that may be anything. After damage it continues at the next sync marker. One thread.
/// </summary>
internal sealed class BlockWalk(ContainerReader reader, long from, CancellationToken stop)
{
    public BlockWalk(ContainerReader reader, CancellationToken stop)
        : this(reader, reader.Header.Length, stop)
    {
    }

    public BlockPlace Current { get; private set; }

    /// <summary>Where the next part begins.</summary>
    public long Position { get; private set; } = from;

    /// <summary>Goes to the next part.</summary>
    /// <returns>False at the end of the file.</returns>
    /// <exception cref="IOException">The device does not give the bytes.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
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
    /// The block's data is wrong. If a sync marker lies inside it, its size was wrong and led past the next block: the walk
    /// continues behind that marker.
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
    /// Whether the next block begins, or the file ends, where this block says. A sync marker before the next block's own shows
    /// that the size is wrong: what stands where it leads, maybe bytes of that marker, looks like a block by chance.
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
