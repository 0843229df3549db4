using System.Diagnostics;
using SpeedData.Core.Reading;
using SpeedData.Core.Receive;

namespace SpeedData.Core.Replay;

/// <summary>The commands of a user to a running replay.</summary>
public interface IReplayKeys
{
    /// <summary>Whether the replay is paused.</summary>
    bool IsPaused { get; }

    /// <summary>Returns the seconds to skip, negative to go back, and resets them to 0.</summary>
    double TakeSeek();

    /// <summary>Reports the position of the replay.</summary>
    void At(long timeNs, long records);
}

/// <summary>The options of a replay.</summary>
/// <param name="Speed">Recorded seconds per real second; null for as fast as possible.</param>
/// <param name="Loop">Whether the replay starts again at the end.</param>
public sealed record ReplayOptions(double? Speed, bool Loop);

/// <summary>Sends the records of channels, byte for byte, in their order and at their recorded intervals. One thread.</summary>
/// <param name="select">Selects the channels of a range from a start time; null for the start of the range.</param>
/// <param name="outputs">The outputs of the channels.</param>
/// <param name="options">The options of the replay.</param>
/// <param name="keys">The commands of a user; null for none.</param>
/// <param name="stop">Cancels the replay.</param>
public sealed class Replayer(Func<long?, IReadOnlyList<ChannelSelection>> select, IReadOnlyList<RecordOutput> outputs, ReplayOptions options, IReplayKeys? keys, CancellationToken stop)
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);

    private readonly ReplayPace _pace = new(options.Speed);
    private readonly Lateness _lateness = new();
    private readonly ReplayOrder _order = new(outputs, isLoose: options.Speed is null);
    private readonly long[] _records = new long[outputs.Count];
    private readonly long[] _bytes = new long[outputs.Count];
    private IReadOnlyList<ChannelSelection>? _selected;
    private long? _seekNs;
    private long _damaged;

    /// <summary>Replays to the end, or until cancelled.</summary>
    /// <exception cref="ReadingException">A file cannot be read.</exception>
    public ReplayResult Run()
    {
        long begun = Stopwatch.GetTimestamp();
        IReadOnlyList<ChannelSelection> channels = select(null);
        long? from = null;
        try
        {
            do
            {
                long before = _records.Sum();
                IReadOnlyList<ChannelSelection> next = from is null ? channels : select(from);
                if (next != _selected)
                    StartOver(next);
                RunOnce(next);
                // A range without records would loop forever.
                if (options.Loop && from is null && _seekNs is null && _records.Sum() == before)
                    break;
                from = _seekNs;
            }
            while ((from is not null || options.Loop) && !stop.IsCancellationRequested);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The result reports what was sent before.
        }

        foreach (RecordOutput output in outputs)
            output.EndWindow();
        return new ReplayResult(
            [.. channels.Select((channel, i) => new ReplayedChannel(channel.Name, _records[i], _bytes[i], outputs[i].Full.Sent, outputs[i].Decimated.Sent, outputs[i].Full.Errors + outputs[i].Decimated.Errors))],
            Stopwatch.GetElapsedTime(begun).TotalSeconds,
            _lateness.Ms(0.5),
            _lateness.Ms(0.99),
            _lateness.LatestMs,
            _damaged);
    }

    private void StartOver(IReadOnlyList<ChannelSelection> channels)
    {
        _selected = channels;
        foreach (RecordOutput output in outputs)
            output.StartOver();
    }

    private void RunOnce(IReadOnlyList<ChannelSelection> channels)
    {
        _seekNs = null;
        _pace.Restart();
        using var feed = new ReplayFeed(channels, stop);
        while (feed.Take(stop) is { } batch)
        {
            if (!Send(batch))
                return;
            feed.Give(batch);
        }

        _damaged += feed.Damaged;
    }

    /// <returns>False if the replay must continue elsewhere.</returns>
    private bool Send(ReplayBatch batch)
    {
        try
        {
            for (int i = 0; i < batch.Count; i++)
            {
                ReplayedRecord record = batch[i];
                if ((keys is not null || _pace.DueTicks(record.TimeNs) > Stopwatch.GetTimestamp()) && !Await(record.TimeNs))
                    return false;
                _order.Use(record.Channel);
                outputs[record.Channel].Add(batch.Of(record), record.Layout, record.TimeNs);
                Count(record);
            }

            return true;
        }
        finally
        {
            // The batch's memory is reused.
            _order.Flush();
        }
    }

    /// <summary>Ends the windows that have reached their time limit.</summary>
    /// <returns>The time at which the next window is due, in ticks.</returns>
    private long EndWindows()
    {
        long next = long.MaxValue;
        foreach (RecordOutput output in outputs)
        {
            if (output.OpenUntilNs is not { } until)
                continue;
            long due = _pace.DueTicks(until);
            if (due <= Stopwatch.GetTimestamp())
                output.EndWindows(until);
            else
                next = Math.Min(next, due);
        }

        return next;
    }

    /// <returns>False if the replay must continue elsewhere.</returns>
    private bool Await(long timeNs)
    {
        bool isFlushed = false;
        while (true)
        {
            if (keys is not null && !Obey(timeNs))
                return false;
            long due = _pace.DueTicks(timeNs);
            if (due <= Stopwatch.GetTimestamp())
                return true;
            if (!isFlushed)
                _order.Flush();
            isFlushed = true;
            stop.ThrowIfCancellationRequested();
            ReplayPace.WaitFor(Math.Min(due, EndWindows()), Look);
        }
    }

    private bool Obey(long timeNs)
    {
        keys!.At(timeNs, _records.Sum());
        long paused = Stopwatch.GetTimestamp();
        while (keys.IsPaused && Seek(timeNs))
        {
            _order.Flush();
            stop.ThrowIfCancellationRequested();
            // Polls, because a terminal does not signal key presses.
            Thread.Sleep(Look);
            keys.At(timeNs, _records.Sum());
            long now = Stopwatch.GetTimestamp();
            _pace.Postpone(now - paused);
            paused = now;
        }

        return _seekNs is null && Seek(timeNs);
    }

    private bool Seek(long timeNs)
    {
        if (keys!.TakeSeek() is not 0 and var seconds)
            _seekNs = timeNs + (long)(seconds * 1e9);
        return _seekNs is null;
    }

    private void Count(in ReplayedRecord record)
    {
        _records[record.Channel]++;
        _bytes[record.Channel] += record.Length;
        if (options.Speed is not null)
            _lateness.Add(Math.Max(0, Stopwatch.GetTimestamp() - _pace.DueTicks(record.TimeNs)));
    }
}
