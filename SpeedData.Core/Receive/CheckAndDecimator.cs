using SpeedData.Core.Configuration;
using SpeedData.Core.Decimate;
using SpeedData.Core.Schema;

namespace SpeedData.Core.Receive;

/// <summary>Checks each datagram and decimates in the same pass. Used by the receive thread only.</summary>
internal sealed class CheckAndDecimator : IDisposable
{
    private readonly Settings _settings;
    private readonly Decimator? _decimator;
    private bool _isAbandoned;

    /// <param name="options">The channel's options.</param>
    /// <param name="layout">The layout of the channel's records.</param>
    /// <param name="decimated">Receives the decimated records.</param>
    /// <param name="time">The clock that is used while nothing arrives.</param>
    public CheckAndDecimator(ChannelOptions options, RecordLayout layout, StreamOutput decimated, TimeProvider time)
    {
        _settings = Settings.Of(options, layout);
        if (_settings.Decimates)
            _decimator = DecimatorFactory.Create(options, layout, decimated, time);
        Scan = _decimator?.Scan ?? RecordScan.Plain(layout);
        Marks = new MarkBuffer(Scan);
    }

    /// <summary>The decimator; null if the decimated stream is switched off or was abandoned.</summary>
    public Decimator? Decimator => _isAbandoned ? null : _decimator;

    public RecordScan Scan { get; }

    public MarkBuffer Marks { get; }

    /// <summary>Whether this check still fits the channel's options and layout.</summary>
    public bool Serves(ChannelOptions options, RecordLayout layout) => _settings == Settings.Of(options, layout);

    /// <summary>Drops the decimator after an exception in the middle of a batch, because its contents are unknown then.</summary>
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
