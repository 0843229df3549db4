namespace SpeedData.Core.Configuration;

/// <summary>Space to keep free on a file system: a number of bytes, none, or a default that depends on the file system.</summary>
public readonly record struct FreeSpaceFloor
{
    private const long MostByDefault = 1L << 30;
    private const int PercentByDefault = 5;

    private readonly bool _suitable;

    private FreeSpaceFloor(long? bytes, bool suitable)
    {
        Bytes = bytes;
        _suitable = suitable;
    }

    /// <summary>1 GiB, or 5 % of the file system if that is less.</summary>
    public static FreeSpaceFloor Suitable { get; } = new(null, suitable: true);

    /// <summary>No space to keep free. It is the default of the type.</summary>
    public static FreeSpaceFloor None => default;

    /// <summary>The configured number; null if it depends on the file system, or for none.</summary>
    public long? Bytes { get; }

    public static FreeSpaceFloor Of(long bytes) => new(bytes, suitable: false);

    /// <summary>Returns the bytes to keep free on a file system of this size; 0 for none.</summary>
    public long On(long totalBytes) => _suitable ? Math.Min(MostByDefault, totalBytes / 100 * PercentByDefault) : Bytes ?? 0;
}
