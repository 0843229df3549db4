namespace SpeedData.Core.Container;

/// <summary>How far the data of a block could be decoded.</summary>
public enum DecodeOutcome
{
    /// <summary>All of it, to its last byte.</summary>
    Whole,

    /// <summary>It ends before its codec's stream does.</summary>
    Truncated,

    /// <summary>It is not a valid stream of its codec, or its checksum is wrong.</summary>
    Corrupt,

    /// <summary>Bytes follow the end of its codec's stream.</summary>
    Trailing,

    /// <summary>It decodes to more than <see cref="BlockDecoder.MaxDecoded"/>.</summary>
    TooLarge,
}
