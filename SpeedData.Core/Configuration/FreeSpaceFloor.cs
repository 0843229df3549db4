namespace SpeedData.Core.Configuration;

/// <summary>Space that is to stay free on a file system: a number of bytes, none, or as much as suits the file system.</summary>
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

    /// <summary>The less of 1 GiB and 5 % of the file system.</summary>
    public static FreeSpaceFloor Suitable { get; } = new(null, suitable: true);

    /// <summary>Nothing has to stay free. It is the default of the type.</summary>
    public static FreeSpaceFloor None => default;

    /// <summary>The number that was configured; null if it depends on the file system, or where there is none.</summary>
    public long? Bytes { get; }

    public static FreeSpaceFloor Of(long bytes) => new(bytes, suitable: false);

    /// <summary>Bytes to stay free on a file system of this size; 0 for none.</summary>
    public long On(long totalBytes) => _suitable ? Math.Min(MostByDefault, totalBytes / 100 * PercentByDefault) : Bytes ?? 0;
}
