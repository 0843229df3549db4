namespace SpeedData.Core.Configuration;

/// <summary>Everything in the section <c>SpeedData</c>. It is read and validated at start, and immutable afterwards.</summary>
public sealed record SpeedDataOptions
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "SpeedData";

    /// <summary>Default of <see cref="DrainFor"/>.</summary>
    public static readonly TimeSpan DefaultDrainFor = TimeSpan.FromSeconds(4);

    /// <summary>Default of <see cref="Readers"/>.</summary>
    public const int DefaultReaders = 4;

    /// <summary>Default of <see cref="Watchers"/>.</summary>
    public const int DefaultWatchers = 32;

    /// <summary>
    /// The folder of the archives, with one folder per channel. Absolute once read. Default <c>data</c> beside the configuration
    /// file.
    /// </summary>
    public required string AvroPath { get; init; }

    /// <summary>
    /// The folder of the files of registered channels. Absolute once read. Default <c>.channels</c> in <see cref="AvroPath"/>.
    /// </summary>
    public string ChannelsPath
    {
        get => field ?? Path.Combine(AvroPath, ".channels");
        init;
    }

    /// <summary>
    /// Whether archives wait until <see cref="AvroPath"/>, or a folder above it other than the root, is a mount point. Default
    /// false.
    /// </summary>
    public bool RequireMount { get; init; }

    /// <summary>The longest drain at a stop. Datagrams that are left are counted as <c>fault</c>. Default 4 s.</summary>
    public TimeSpan DrainFor { get; init; } = DefaultDrainFor;

    /// <summary>The number of exports, and downloads of exports, that may run at once over HTTP, 1 to 64. Default 4.</summary>
    public int Readers { get; init; } = DefaultReaders;

    /// <summary>Who may do what over HTTP.</summary>
    public ApiOptions Api { get; init; } = new();

    /// <summary>The limits of <c>/api/v1/pivot/export</c>.</summary>
    public PivotOptions Pivot { get; init; } = new();

    /// <summary>The limit of what tags keep, and the rules that start tags automatically.</summary>
    public TagsOptions Tags { get; init; } = new();

    /// <summary>Folder of HTML files that are served beside the live page. Absolute once read; null for none.</summary>
    public string? PagesPath { get; init; }

    /// <summary>The number of watchers that the live feed serves at once, 1 to 1,000. Default 32.</summary>
    public int Watchers { get; init; } = DefaultWatchers;

    /// <summary>The channels. Defaults are already applied.</summary>
    public required IReadOnlyList<ChannelOptions> Channels { get; init; }
}

/// <summary>The limits of one answer of <c>/api/v1/pivot/export</c>.</summary>
public sealed record PivotOptions
{
    /// <summary>The longest range, 1 s to 366 d. Default 1 d.</summary>
    public TimeSpan MaxRange { get; init; } = TimeSpan.FromDays(1);

    /// <summary>The largest number of channels, 1 to 1,000. Default 100.</summary>
    public int MaxChannels { get; init; } = 100;
}
