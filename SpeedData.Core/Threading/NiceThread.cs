using SpeedData.Core.Native;

namespace SpeedData.Core.Threading;

/// <summary>Work that yields to everything else.</summary>
public static class NiceThread
{
    private const int Lowest = 19;

    /// <summary>Does something on a thread of nice 19. A process that it starts has that for all of its threads.</summary>
    /// <exception cref="ThreadRoomException">The thread cannot be made.</exception>
    public static Task<T> RunAsync<T>(Func<T> work)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        OwnedThread.Start("nice", () =>
        {
            if (OperatingSystem.IsLinux())
                Scheduling.SetPriority(0, 0, Lowest);
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
