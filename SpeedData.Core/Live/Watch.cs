using Microsoft.Extensions.Logging;
using SpeedData.Core.Channels;
using SpeedData.Core.Tap;
using SpeedData.Core.Threading;

namespace SpeedData.Core.Live;

/// <summary>
/// Manages the watched channels and the one thread that empties their taps. The thread sleeps while there are no watchers. Any thread.
/// </summary>
/// <param name="channels">Returns the current channels.</param>
/// <param name="time">The clock.</param>
/// <param name="log">The log for failed rounds.</param>
public sealed class Watch(Func<IReadOnlyList<Channel>> channels, TimeProvider time, ILogger<Watch> log) : IDisposable
{
    private const int ManyChannels = 64, RoundsBetweenLosses = 2;

    private static readonly TimeSpan BetweenRounds = TimeSpan.FromMilliseconds(10);

    private readonly Lock _gate = new();
    private readonly ManualResetEventSlim _looks = new();
    private readonly Dictionary<Channel, WatchedChannel> _watched = [];
    private OwnedThread? _thread;
    private int _rounds;
    private string? _failure;
    private volatile bool _isEnding;

    /// <summary>Raised after each round, on the watch thread. Handlers must not block.</summary>
    public event Action? RoundEnded;

    public void Add(Channel channel, LiveTable table) => Change(channel, watched => watched.Add(table));

    public void Remove(Channel channel, LiveTable table) => Change(channel, watched => watched.Remove(table));

    public void Add(Channel channel, IRecordListener listener) => Change(channel, watched => watched.Add(listener));

    public void Remove(Channel channel, IRecordListener listener) => Change(channel, watched => watched.Remove(listener));

    /// <summary>Returns the state of a watched channel; null for other channels.</summary>
    public (long TapLost, long? DeviceOffsetNs)? Of(Channel channel)
    {
        lock (_gate)
            return _watched.TryGetValue(channel, out WatchedChannel? watched) ? (watched.TapLost, watched.DeviceOffsetNs) : null;
    }

    /// <summary>Stops the thread.</summary>
    public void Dispose()
    {
        _isEnding = true;
        _looks.Set();
        if (_thread?.Join(TimeSpan.FromSeconds(1)) != false)
            _looks.Dispose();
    }

    private void Change(Channel channel, Action<WatchedChannel> change)
    {
        lock (_gate)
        {
            if (!_watched.TryGetValue(channel, out WatchedChannel? watched))
            {
                watched = new WatchedChannel(channel, channels().Count <= ManyChannels ? TapRing.LargeCapacity : TapRing.SmallCapacity, time);
                _watched.Add(channel, watched);
            }

            change(watched);
            if (!watched.IsWatched)
            {
                _watched.Remove(channel);
                watched.Dispose();
            }

            if (_watched.Count == 0)
            {
                _looks.Reset();
                return;
            }

            _thread ??= OwnedThread.Start("watch", Work);
            _looks.Set();
        }
    }

    private void Work()
    {
        while (!_isEnding)
        {
            _looks.Wait();
            long began = time.GetTimestamp();
            try
            {
                Round();
                RoundEnded?.Invoke();
            }
            catch (Exception e)
            {
                Report(e);
            }

            TimeSpan left = BetweenRounds - time.GetElapsedTime(began);
            // Sets the pace of the rounds, because receive threads never wake the watch thread.
            Thread.Sleep(left > TimeSpan.FromMilliseconds(1) ? left : TimeSpan.FromMilliseconds(1));
        }
    }

    private void Report(Exception e)
    {
        if (e.Message == _failure)
            return;
        _failure = e.Message;
        log.LogError("The live feed failed and continues: {Error}", e.Message);
    }

    private void Round()
    {
        bool countsLosses = ++_rounds % RoundsBetweenLosses == 0;
        lock (_gate)
        {
            foreach (WatchedChannel watched in _watched.Values)
            {
                if (countsLosses)
                    watched.CountLosses();
                watched.Drain();
            }
        }
    }
}
