using SpeedData.Core.Threading;

namespace SpeedData.Server.Hosting;

/// <summary>
/// Starts every thread of the pool with the process. A thread needs two file descriptors to start, and .NET ends a process
/// whose pool cannot start one. So a server that runs out of descriptors or threads later must not need another thread.
/// </summary>
/// <remarks>The project file keeps these threads alive (ThreadsToKeepAlive). A waiting thread takes some 20 KiB.</remarks>
internal static class PoolThreads
{
    // More than the handlers that can wait for a disk at the same time. A pool must have one thread for each processor.
    private const int Least = 32;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public static void StartAll()
    {
        int all = Math.Max(Least, Environment.ProcessorCount);
        try
        {
            ThreadRoom.Demand(all);
        }
        catch (ThreadRoomException)
        {
            // The pool then starts threads when it needs them, if it can.
            return;
        }

        ThreadPool.GetMinThreads(out int preferred, out int ports);
        ThreadPool.GetMaxThreads(out _, out int mostPorts);
        if (!ThreadPool.SetMinThreads(all, ports) || !ThreadPool.SetMaxThreads(all, mostPorts))
            return;
        Occupy(all);
        ThreadPool.SetMinThreads(preferred, ports);
    }

    /// <summary>Makes this many threads wait at the same time, so that the pool has to start them.</summary>
    private static void Occupy(int threads)
    {
        var allThere = new TaskCompletionSource();
        int missing = threads;
        for (int i = 0; i < threads; i++)
            ThreadPool.UnsafeQueueUserWorkItem(_ => Arrive(), null);
        allThere.Task.Wait(Patience);
        allThere.TrySetResult();

        void Arrive()
        {
            if (Interlocked.Decrement(ref missing) == 0)
                allThere.TrySetResult();
            allThere.Task.Wait();
        }
    }
}
