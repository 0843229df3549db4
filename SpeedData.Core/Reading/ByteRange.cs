namespace SpeedData.Core.Reading;

/// <summary>A part of a file.</summary>
internal readonly record struct ByteRange(long From, long To)
{
    public static ByteRange All => new(0, long.MaxValue);
}
