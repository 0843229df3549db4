namespace SpeedData.Core.Threading;

/// <summary>The only place that creates threads: few, long-lived, named, with small stacks.</summary>
public sealed class OwnedThread
{
    // The deepest path (schema check at depth 64, a write) needs far less. 1,000 channels reserve 512 MiB of
    // address space. Each thread uses about 20 KiB of its part.
    private const int StackBytes = 256 << 10;

    private readonly Thread _thread;

    private OwnedThread(Thread thread) => _thread = thread;

    /// <summary>Starts a background thread. The body must not throw.</summary>
    /// <param name="name">Name of the thread; Linux shows its first 15 bytes.</param>
    /// <param name="body">The work of the thread.</param>
    /// <param name="cpu">The CPU to pin it to. If it is null, or not in the cpuset, the thread is not pinned.</param>
    /// <exception cref="ThreadRoomException">The thread cannot be started.</exception>
    public static OwnedThread Start(string name, Action body, int? cpu = null)
    {
        var thread = new Thread(Run, StackBytes) { Name = name, IsBackground = true };
        try
        {
            thread.Start();
        }
        catch (Exception e) when (e is OutOfMemoryException or ThreadStartException)
        {
            throw new ThreadRoomException($"the thread {name} cannot be started ({e.Message}): raise the limit of processes and threads (pids.max, TasksMax, ulimit -u), or configure fewer channels", e);
        }

        return new OwnedThread(thread);

        void Run()
        {
            if (cpu is { } wanted)
                CpuSet.TryPin(wanted);
            body();
        }
    }

    /// <summary>Starts work that only saves time later. If it cannot be started, or throws, nothing else happens.</summary>
    public static void TryStart(string name, Action body)
    {
        try
        {
            Start(name, Run);
        }
        catch (ThreadRoomException)
        {
            // The work that it would have prepared is done when it is needed.
        }

        void Run()
        {
            try
            {
                body();
            }
            catch (Exception)
            {
                // For example, there are no file descriptors or there is no memory left. A thread that needs the result later gets
                // the error.
            }
        }
    }

    /// <returns>Whether the thread has ended.</returns>
    public bool Join(TimeSpan timeout) => _thread.Join(timeout);
}
