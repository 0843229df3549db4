namespace SpeedData.Core.Configuration.Values;

/// <summary>The allowed range of each size and span.</summary>
internal static class Ranges
{
    private const int KiB = 1 << 10, MiB = 1 << 20, GiB = 1 << 30;

    /// <summary>The kernel itself raises values below about 2 KiB and limits them to 1 GiB (SOCK_MIN_RCVBUF, INT_MAX / 2).</summary>
    public static readonly ValueParser<int> SocketBuffer = SizeText.Between(4 * KiB, GiB);

    /// <summary>The limits of the ring: it must hold any datagram, and an int counts its bytes.</summary>
    public static readonly ValueParser<int> Ring = SizeText.PowerOfTwo(128 * KiB, GiB);

    public static readonly ValueParser<int> Block = SizeText.Between(4 * KiB, 64 * MiB);

    /// <summary>Up to the largest file of ext4.</summary>
    public static readonly ValueParser<long> RotateBytes = SizeText.Between(4L * KiB, 16384L * GiB);

    /// <summary>.NET's waits end at 2^31 ms, 24.8 days.</summary>
    public static readonly ValueParser<TimeSpan> RotateEvery = SpanText.Between(TimeSpan.FromSeconds(1), TimeSpan.FromDays(24));

    public static readonly ValueParser<TimeSpan> PivotRange = SpanText.Between(TimeSpan.FromSeconds(1), TimeSpan.FromDays(366));

    /// <summary>A hundred years are practically forever, and no sum of dates overflows.</summary>
    public static readonly ValueParser<TimeSpan?> RetainFor = OrNone(SpanText.Between(TimeSpan.FromSeconds(1), TimeSpan.FromDays(36_500)), span => (TimeSpan?)span);

    public static readonly ValueParser<long?> RetainBytes = OrNone(SizeText.Between(4L * KiB, 1024L * 1024 * GiB), size => (long?)size);

    /// <summary>With less, the first and the latest would be the same few datagrams.</summary>
    public static readonly ValueParser<long?> KeepRejects = OrNone(SizeText.Between((long)MiB, 1024L * GiB), size => (long?)size);

    /// <summary>With less, a header and a small block would not fit.</summary>
    public static readonly ValueParser<FreeSpaceFloor> MinFreeBytes = OrNone(SizeText.Between((long)MiB, 1024L * 1024 * GiB), FreeSpaceFloor.Of);

    public static readonly ValueParser<TimeSpan?> MaxWindow = OrNone(SpanText.Between(TimeSpan.FromMilliseconds(1), TimeSpan.FromDays(1)), span => (TimeSpan?)span);

    public static readonly ValueParser<TimeSpan> FlushEvery = SpanText.Between(TimeSpan.FromMilliseconds(1), TimeSpan.FromHours(1));

    public static readonly ValueParser<TimeSpan> SyncEvery = SpanText.Between(TimeSpan.FromMilliseconds(1), TimeSpan.FromHours(1));

    public static readonly ValueParser<TimeSpan> RestartDelay = SpanText.Between(TimeSpan.FromMilliseconds(1), TimeSpan.FromDays(1));

    public static readonly ValueParser<TimeSpan?> RunPause = OrNone(SpanText.Between(TimeSpan.FromMilliseconds(1), TimeSpan.FromDays(36_500)), span => (TimeSpan?)span);

    public static readonly ValueParser<TagLimit> TagBytes = OrNone(SizeText.Between(4L * KiB, 1024L * 1024 * GiB), TagLimit.Of);

    public static readonly ValueParser<TimeSpan> TagMargin = SpanText.Between(TimeSpan.Zero, TimeSpan.FromDays(1));

    public static readonly ValueParser<TimeSpan> DrainFor = SpanText.Between(TimeSpan.Zero, TimeSpan.FromMinutes(10));

    /// <summary>Returns a parser for a value that may be none, converted to a type that can express none.</summary>
    private static ValueParser<TTo> OrNone<TFrom, TTo>(ValueParser<TFrom> parse, Func<TFrom, TTo> convert) => text =>
    {
        Parsed<TFrom> parsed = parse(text);
        return parsed.IsValid ? new Parsed<TTo>(convert(parsed.Value!), null) : Parsed.Refuse<TTo>($"{parsed.Remedy}, or none");
    };
}
