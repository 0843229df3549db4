namespace SpeedData.Core.Inspect;

/// <summary>What verify can find. The names are part of its output, in snake_case.</summary>
public enum FindingKind
{
    /// <summary>A file or folder cannot be read, or not to its end.</summary>
    Unreadable,

    /// <summary>The file is no Avro container file, or its header is damaged.</summary>
    BadHeader,

    /// <summary>The schema in the header cannot be used, so no record was checked.</summary>
    BadSchema,

    /// <summary>The count or size that a block begins with is no number, or is below 0.</summary>
    BadNumber,

    /// <summary>The file ends inside a block.</summary>
    Torn,

    /// <summary>No sync marker stands where a block's size says it ends.</summary>
    SyncMismatch,

    /// <summary>The data of a block is not a complete stream of the file's codec.</summary>
    BadData,

    /// <summary>A record does not fit the schema, or the block has fewer than it states.</summary>
    BadRecord,

    /// <summary>Bytes follow the last record that a block states.</summary>
    LeftoverBytes,

    /// <summary>A block is larger, or decodes to more, than is checked.</summary>
    TooLarge,

    /// <summary>A block, or the header, does not match its checksum in the index.</summary>
    ChecksumMismatch,

    /// <summary>The index has no entry for a block.</summary>
    NotIndexed,

    /// <summary>The index has an entry for a block that is not there.</summary>
    NoBlock,

    /// <summary>The index and the block disagree about its records or bytes.</summary>
    IndexMismatch,

    /// <summary>The index is damaged, or is not an index.</summary>
    BadIndex,

    /// <summary>There is no archive beside an index.</summary>
    NoArchive,

    /// <summary>Values of the counter field are missing.</summary>
    CounterGap,

    /// <summary>A value of the counter field came again.</summary>
    CounterDuplicate,

    /// <summary>A value of the counter field came late.</summary>
    CounterLate,

    /// <summary>The counter field began again.</summary>
    CounterRestart,

    /// <summary>The schema has no int or long of the counter field's name.</summary>
    NoCounter,

    /// <summary>A warning: nothing was recorded between the file before and this one.</summary>
    TimeHole,

    /// <summary>A warning: the time field is a day or more from when its records came.</summary>
    TimeUnit,
}

/// <summary>A fault in a file.</summary>
/// <param name="Kind">What.</param>
/// <param name="Offset">Where in the file; null if it is not a matter of one place.</param>
/// <param name="Bytes">From there, the bytes until the file can be read again; null if nothing must be skipped.</param>
/// <param name="Detail">For a person, one line.</param>
public sealed record Finding(FindingKind Kind, long? Offset, long? Bytes, string Detail);
