using System.Collections.Concurrent;
using SpeedData.Core.Reading;

namespace SpeedData.Core.Replay;

/// <summary>
/// Reads ahead on a separate thread, so that the sender never waits for a disk. The number of batches in memory is limited.
/// </summary>
internal sealed class ReplayFeed : IDisposable
{
    private const int Batches = 4;

    private readonly BlockingCollection<ReplayBatch> _free = [], _filled = [];
    private readonly CancellationTokenSource _stop;
    private readonly Task _reading;

    public ReplayFeed(IReadOnlyList<ChannelSelection> channels, CancellationToken stop)
    {
        _stop = CancellationTokenSource.CreateLinkedTokenSource(stop);
        for (int i = 0; i < Batches; i++)
            _free.Add(new ReplayBatch(), CancellationToken.None);
        _reading = Task.Factory.StartNew(() => Read(channels), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>Number of blocks that could not be read.</summary>
    public long Damaged { get; private set; }

    /// <summary>Returns the next batch; null if there are no more.</summary>
    /// <exception cref="ReadingException">A file cannot be read.</exception>
    public ReplayBatch? Take(CancellationToken stop)
    {
        if (_filled.TryTake(out ReplayBatch? batch, Timeout.Infinite, stop))
            return batch;
        _reading.GetAwaiter().GetResult();
        return null;
    }

    /// <summary>Returns a sent batch for reuse.</summary>
    public void Give(ReplayBatch batch) => _free.Add(batch);

    public void Dispose()
    {
        _stop.Cancel();
        ((IAsyncResult)_reading).AsyncWaitHandle.WaitOne();
        _stop.Dispose();
        _free.Dispose();
        _filled.Dispose();
    }

    private void Read(IReadOnlyList<ChannelSelection> channels)
    {
        try
        {
            using var merge = new RecordMerge(channels, _stop.Token);
            for (ReplayBatch batch = _free.Take(_stop.Token); merge.Fill(batch); batch = _free.Take(_stop.Token))
                _filled.Add(batch, _stop.Token);
            Damaged = merge.Damaged;
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The consumer does not need the remaining batches.
        }
        finally
        {
            _filled.CompleteAdding();
        }
    }
}
