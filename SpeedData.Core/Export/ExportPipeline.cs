using System.Collections.Concurrent;
using SpeedData.Core.Reading;
using SpeedData.Core.Reading.Columns;

namespace SpeedData.Core.Export;

/// <summary>
/// Reads, encodes and writes in parallel and in order: one thread reads, several encode, one writes. The number of batches in memory is
/// limited.
/// </summary>
/// <param name="create">Creates a batch.</param>
/// <param name="encode">Encodes a batch. Any thread; several batches at once.</param>
/// <param name="write">Writes the batches in order and returns the rows of each. One thread.</param>
/// <param name="encoders">The number of batches that are worth encoding at the same time.</param>
/// <param name="stop">Cancels the export.</param>
internal sealed class ExportPipeline<TBatch>(Func<TBatch> create, Action<TBatch> encode, Func<TBatch, long> write, int encoders, CancellationToken stop)
{
    // One is read, one is written. More encoders would wait for the thread that reads, and their batches would only take memory.
    private readonly int _batches = Math.Clamp(encoders, 1, 4) + 2;

    /// <summary>Reads all rows and writes them.</summary>
    /// <param name="fill">Fills a batch; returns false if there are no more rows.</param>
    /// <param name="progress">Receives the rows written so far.</param>
    /// <returns>The number of rows written.</returns>
    public long Run(Func<TBatch, bool> fill, Action<long>? progress)
    {
        ArgumentNullException.ThrowIfNull(fill);
        using var free = new BlockingCollection<TBatch>();
        using var queue = new BlockingCollection<(TBatch Batch, Task Encoded)>();
        using var failed = CancellationTokenSource.CreateLinkedTokenSource(stop);
        for (int i = 0; i < _batches; i++)
            free.Add(create(), CancellationToken.None);
        Task<long> writing = Task.Factory.StartNew(() => WriteAll(queue, free, failed, progress), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        try
        {
            for (TBatch batch = free.Take(failed.Token); fill(batch); batch = free.Take(failed.Token))
            {
                TBatch filled = batch;
                queue.Add((filled, Task.Run(() => encode(filled), CancellationToken.None)), CancellationToken.None);
            }
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            // The writer failed. Its error is thrown below.
        }
        finally
        {
            queue.CompleteAdding();
            Settle(writing);
        }

        return writing.GetAwaiter().GetResult();
    }

    private long WriteAll(BlockingCollection<(TBatch Batch, Task Encoded)> queue, BlockingCollection<TBatch> free, CancellationTokenSource failed, Action<long>? progress)
    {
        long rows = 0;
        try
        {
            foreach ((TBatch batch, Task encoded) in queue.GetConsumingEnumerable(CancellationToken.None))
            {
                encoded.GetAwaiter().GetResult();
                rows += write(batch);
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

    // Nothing may be written after Run returns, even if reading failed.
    private static void Settle(Task writing)
    {
        try
        {
            writing.Wait(CancellationToken.None);
        }
        catch (AggregateException)
        {
            // The caller throws this error again, unless reading failed first.
        }
    }
}

/// <summary>Reads rows into batches of columns and writes them with a table writer.</summary>
public sealed class ExportPipeline(TableShape shape, TableWriter writer, CancellationToken stop)
{
    private readonly ExportPipeline<ExportBatch> _pipeline = new(() => new ExportBatch(shape), writer.Encode, batch => Write(writer, batch), writer.Encoders, stop);

    /// <summary>Reads all rows and writes them.</summary>
    /// <param name="fill">Fills a batch; returns false if there are no more rows.</param>
    /// <param name="progress">Receives the number of rows written so far.</param>
    /// <returns>The number of rows written.</returns>
    public long Run(Func<ColumnBatch, bool> fill, Action<long>? progress) => _pipeline.Run(batch => fill(batch.Columns), progress);

    private static long Write(TableWriter writer, ExportBatch batch)
    {
        writer.Write(batch);
        return batch.Columns.Rows;
    }
}
