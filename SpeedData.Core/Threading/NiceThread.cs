using SpeedData.Core.Native;

namespace SpeedData.Core.Threading;

/// <summary>Runs work that yields to everything else.</summary>
public static class NiceThread
{
    private const int Lowest = 19;

    /// <summary>
    /// Runs work on a thread with nice 19 and the policy SCHED_IDLE. All threads of a process that it starts inherit both. Nice alone lets
    /// a thread keep the processor for milliseconds while a receive thread waits for it.
    /// </summary>
    /// <exception cref="ThreadRoomException">The thread cannot be started.</exception>
    public static Task<T> RunAsync<T>(Func<T> work)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        OwnedThread.Start("nice", () =>
        {
            if (OperatingSystem.IsLinux())
            {
                Scheduling.SetPriority(0, 0, Lowest);
                Scheduling.SetPolicy(0, Scheduling.Idle, 0);
            }

            try
            {
                done.SetResult(work());
            }
            catch (Exception e)
            {
                done.SetException(e);
            }
        });
        return done.Task;
    }
}
