namespace SpeedData.Core.Inspect;

/// <summary>The kinds of faults that verify finds. The names are part of its output, in snake_case.</summary>
public enum FindingKind
{
    /// <summary>A file or folder cannot be read, or not to the end.</summary>
    Unreadable,

    /// <summary>The file is not an Avro container file, or its header is damaged.</summary>
    BadHeader,

    /// <summary>The schema in the header cannot be used, so no record was checked.</summary>
    BadSchema,

    /// <summary>The count or size at the start of a block is not a number, or is negative.</summary>
    BadNumber,

    /// <summary>The file ends inside a block.</summary>
    Torn,

    /// <summary>There is no sync marker where a block should end according to its size.</summary>
    SyncMismatch,

    /// <summary>The data of a block is not a complete stream of the file's codec.</summary>
    BadData,

    /// <summary>A record does not match the schema, or the block has fewer records than it states.</summary>
    BadRecord,

    /// <summary>Bytes follow the last of the records that a block states.</summary>
    LeftoverBytes,

    /// <summary>A block, or its decoded data, is larger than the limit for checks.</summary>
    TooLarge,

    /// <summary>A block, or the header, does not match its checksum in the index.</summary>
    ChecksumMismatch,

    /// <summary>The index has no entry for a block.</summary>
    NotIndexed,

    /// <summary>The index has an entry for a block that does not exist.</summary>
    NoBlock,

    /// <summary>The index and the block disagree about its records or bytes.</summary>
    IndexMismatch,

    /// <summary>The index is damaged, or is not an index.</summary>
    BadIndex,

    /// <summary>The archive of an index does not exist.</summary>
    NoArchive,

    /// <summary>Values of the counter field are missing.</summary>
    CounterGap,

    /// <summary>A value of the counter field is repeated.</summary>
    CounterDuplicate,

    /// <summary>A value of the counter field came late.</summary>
    CounterLate,

    /// <summary>The counter field restarted.</summary>
    CounterRestart,

    /// <summary>The schema has no int or long with the name of the counter field.</summary>
    NoCounter,

    /// <summary>A warning: nothing was recorded between the previous file and this one.</summary>
    TimeHole,

    /// <summary>A warning: the time field differs from the time of receipt by a day or more.</summary>
    TimeUnit,
}

/// <summary>A fault in a file.</summary>
/// <param name="Kind">The kind of fault.</param>
/// <param name="Offset">Offset in the file; null if the fault has no single position.</param>
/// <param name="Bytes">Bytes from the offset until the file can be read again; null if nothing must be skipped.</param>
/// <param name="Detail">A description for people, one line.</param>
public sealed record Finding(FindingKind Kind, long? Offset, long? Bytes, string Detail);
