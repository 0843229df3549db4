namespace SpeedData.Bench.EndToEnd;

/// <summary>Reads the CPU time of this process's threads by name, to the nanosecond (proc(5), schedstat).</summary>
internal static class ThreadClock
{
    /// <param name="channel">Text that the names of the threads contain.</param>
    /// <returns>Null if the platform does not report it.</returns>
    public static double? Microseconds(string channel)
    {
        if (!Directory.Exists("/proc/self/task"))
            return null;
        double total = 0;
        foreach (string task in Directory.EnumerateDirectories("/proc/self/task"))
        {
            try
            {
                if (File.ReadAllText(Path.Combine(task, "comm")).Contains(channel, StringComparison.Ordinal))
                    total += double.Parse(File.ReadAllText(Path.Combine(task, "schedstat")).Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture) / 1000;
            }
            catch (IOException)
            {
                // The thread ended between listing and reading.
            }
        }

        return total;
    }
}
