namespace SpeedData.Core.Reading.Runs;

/// <summary>A period in which data of a channel is missing.</summary>
/// <param name="FromNs">Time of the last record before the gap.</param>
/// <param name="ToNs">Time of the first record after the gap.</param>
/// <param name="Lost">Number of lost datagrams; null if unknown.</param>
/// <c>kernel</c>, <c>ring_full</c>, <c>disk</c>, <c>fault</c>, <c>lost</c>: dropped on this machine; <c>restart</c>: the recorder was not
/// running; <c>pause</c>: nothing was received.
public sealed record Gap(long FromNs, long ToNs, long? Lost, string Why);

/// <summary>A period in which a channel sent without a pause.</summary>
public sealed class Stretch
{
    public required long FromNs { get; init; }

    public long ToNs { get; private set; }

    public long Records { get; private set; }

    public long Bytes { get; private set; }

    public long Lost { get; private set; }

    /// <summary>The first few thousand gaps.</summary>
    public List<Gap> Gaps { get; } = [];

    public List<string> Files { get; } = [];

    public string? Schema { get; private set; }

    public bool IsOpen { get; private set; }

    /// <summary>Whether the recorder restarted after the previous stretch.</summary>
    public bool IsAfterRestart { get; init; }

    internal void Add(in BlockTimes block, Catalogue.ListedFile file, string? schema)
    {
        ToNs = Math.Max(ToNs, block.Last);
        Records += block.Records;
        Bytes += block.Bytes;
        Lost += block.Lost;
        (Schema, IsOpen) = (schema, file.IsPart);
        if (!Files.TakeLast(SpeedData.Core.Schema.RecordSchemas.Most).Contains(file.Name))
            Files.Add(file.Name);
    }
}
