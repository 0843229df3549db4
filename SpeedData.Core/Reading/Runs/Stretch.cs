namespace SpeedData.Core.Reading.Runs;

/// <summary>Something that is missing from what a channel sent.</summary>
/// <param name="FromNs">The last record before it.</param>
/// <param name="ToNs">The first after it.</param>
/// <param name="Lost">Datagrams; null where they cannot be known.</param>
/// <param name="Why"><c>kernel</c>, <c>ring_full</c>, <c>disk</c>, <c>fault</c>, <c>lost</c>: dropped here; <c>restart</c>: nobody received; <c>pause</c>: nothing came.</param>
public sealed record Gap(long FromNs, long ToNs, long? Lost, string Why);

/// <summary>A stretch in which a channel sent without a pause.</summary>
public sealed class Stretch
{
    public required long FromNs { get; init; }

    public long ToNs { get; private set; }

    public long Records { get; private set; }

    public long Bytes { get; private set; }

    public long Lost { get; private set; }

    /// <summary>The first some thousand.</summary>
    public List<Gap> Gaps { get; } = [];

    public List<string> Files { get; } = [];

    public string? Schema { get; private set; }

    public bool IsOpen { get; private set; }

    /// <summary>Whether the recorder restarted since the stretch before.</summary>
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
