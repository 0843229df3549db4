namespace SpeedData.Core.Container;

/// <summary>How far the data of a block could be decoded.</summary>
public enum DecodeOutcome
{
    /// <summary>The data was decoded completely.</summary>
    Whole,

    /// <summary>The data ends before the codec's stream does.</summary>
    Truncated,

    /// <summary>The data is not a valid stream of its codec, or its checksum is wrong.</summary>
    Corrupt,

    /// <summary>Bytes follow the end of the codec's stream.</summary>
    Trailing,

    /// <summary>The data decodes to more than <see cref="BlockDecoder.MaxDecoded"/>.</summary>
    TooLarge,
}
