using System.Collections.Concurrent;
using SpeedData.Core.Reading;
using SpeedData.Core.Reading.Columns;

namespace SpeedData.Core.Export;

/// <summary>
/// Reads, encodes and writes at the same time and in order: one thread reads, several encode, one writes. The number of batches
/// in memory is limited.
/// </summary>
public sealed class ExportPipeline(TableShape shape, TableWriter writer, CancellationToken stop)
{
    private readonly int _batches = Math.Min(Environment.ProcessorCount, 8) + 2;

    /// <summary>Reads all rows, and writes them.</summary>
    /// <param name="fill">Fills a batch; false when there are no more rows.</param>
    /// <param name="progress">Called with the rows written so far.</param>
    /// <returns>Rows.</returns>
    public long Run(Func<ColumnBatch, bool> fill, Action<long>? progress)
    {
        ArgumentNullException.ThrowIfNull(fill);
        using var free = new BlockingCollection<ExportBatch>();
        using var queue = new BlockingCollection<(ExportBatch Batch, Task Encoded)>();
        using var failed = CancellationTokenSource.CreateLinkedTokenSource(stop);
        for (int i = 0; i < _batches; i++)
            free.Add(new ExportBatch(shape), CancellationToken.None);
        Task<long> writing = Task.Factory.StartNew(() => WriteAll(queue, free, failed, progress), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        try
        {
            for (ExportBatch batch = free.Take(failed.Token); fill(batch.Columns); batch = free.Take(failed.Token))
            {
                ExportBatch filled = batch;
                queue.Add((filled, Task.Run(() => writer.Encode(filled), CancellationToken.None)), CancellationToken.None);
            }
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            // The writer failed, and says why below.
        }
        finally
        {
            queue.CompleteAdding();
            Settle(writing);
        }

        return writing.GetAwaiter().GetResult();
    }

    private long WriteAll(BlockingCollection<(ExportBatch Batch, Task Encoded)> queue, BlockingCollection<ExportBatch> free, CancellationTokenSource failed, Action<long>? progress)
    {
        long rows = 0;
        try
        {
            foreach ((ExportBatch batch, Task encoded) in queue.GetConsumingEnumerable(CancellationToken.None))
            {
                encoded.GetAwaiter().GetResult();
                writer.Write(batch);
                rows += batch.Columns.Rows;
                progress?.Invoke(rows);
                free.Add(batch, CancellationToken.None);
            }

            return rows;
        }
        catch
        {
            failed.Cancel();
            throw;
        }
    }

    // However the reading ended, nothing may be written after this returns.
    private static void Settle(Task writing)
    {
        try
        {
            writing.Wait(CancellationToken.None);
        }
        catch (AggregateException)
        {
            // Is thrown again by the caller, unless reading failed first.
        }
    }
}
