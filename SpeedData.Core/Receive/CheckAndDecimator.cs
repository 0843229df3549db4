using SpeedData.Core.Configuration;
using SpeedData.Core.Decimate;
using SpeedData.Core.Schema;

namespace SpeedData.Core.Receive;

/// <summary>The check of each datagram and its decimation, which work in one pass. Used by the receive thread only.</summary>
internal sealed class CheckAndDecimator : IDisposable
{
    private readonly Settings _settings;
    private readonly Decimator? _decimator;
    private bool _isAbandoned;

    /// <param name="options">The channel's.</param>
    /// <param name="layout">Of its records.</param>
    /// <param name="decimated">Where the decimator's records go.</param>
    /// <param name="time">The clock while nothing arrives.</param>
    public CheckAndDecimator(ChannelOptions options, RecordLayout layout, StreamOutput decimated, TimeProvider time)
    {
        _settings = Settings.Of(options, layout);
        if (_settings.Decimates)
            _decimator = DecimatorFactory.Create(options, layout, decimated, time);
        Scan = _decimator?.Scan ?? RecordScan.Plain(layout);
        Marks = new MarkBuffer(Scan);
    }

    /// <summary>Null where the decimated stream is switched off, and once it was abandoned.</summary>
    public Decimator? Decimator => _isAbandoned ? null : _decimator;

    public RecordScan Scan { get; }

    public MarkBuffer Marks { get; }

    /// <summary>Whether the channel still asks for this check.</summary>
    public bool Serves(ChannelOptions options, RecordLayout layout) => _settings == Settings.Of(options, layout);

    /// <summary>Something threw in the middle of a batch: what the decimator holds is not known any more.</summary>
    public void Abandon() => _isAbandoned = true;

    public void Dispose()
    {
        _decimator?.Dispose();
        Marks.Dispose();
    }

    private sealed record Settings(RecordLayout Layout, TimeOptions Time, bool Decimates, int Factor, DecimationAlgorithm Algorithm, TimeSpan? MaxWindow)
    {
        public static Settings Of(ChannelOptions options, RecordLayout layout)
        {
            DecimatedOptions decimated = options.Decimated;
            return new Settings(layout, options.Time, decimated.Enabled, decimated.Factor, decimated.Algorithm, decimated.MaxWindow);
        }
    }
}
