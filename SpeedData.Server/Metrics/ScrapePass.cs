using SpeedData.Core.Channels;

namespace SpeedData.Server.Metrics;

/// <summary>
/// Gives all instruments of one scrape the same readings, so that the ledger's equations hold in what is scraped. A
/// collection calls every instrument once, one after another on one thread. So an instrument that is called a second time
/// starts a new pass. The order of instruments does not matter, nor do requests that were aborted half way.
/// </summary>
internal sealed class ScrapePass(Func<IReadOnlyList<Channel>> channels) : IDisposable
{
    private readonly ThreadLocal<Pass> _passes = new(() => new Pass());
    private int _instruments;

    /// <summary>Returns the number of a further instrument. There are at most 64.</summary>
    public int Join() => _instruments < 64
        ? _instruments++
        : throw new InvalidOperationException("A pass has at most 64 instruments.");

    /// <summary>Returns the readings of the pass that this call belongs to.</summary>
    public IReadOnlyList<ChannelReading> ReadingsFor(int instrument)
    {
        Pass pass = _passes.Value!;
        ulong mark = 1UL << instrument;
        if (pass.Seen == 0 || (pass.Seen & mark) != 0)
        {
            pass.Readings = [.. channels().Select(ChannelReading.Of)];
            pass.Seen = 0;
        }
        pass.Seen |= mark;
        return pass.Readings;
    }

    public void Dispose() => _passes.Dispose();

    private sealed class Pass
    {
        public ulong Seen;
        public ChannelReading[] Readings = [];
    }
}
