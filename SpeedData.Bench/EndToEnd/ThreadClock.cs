namespace SpeedData.Bench.EndToEnd;

/// <summary>CPU time of this process's threads by name, to the nanosecond (proc(5), schedstat).</summary>
internal static class ThreadClock
{
    /// <param name="channel">Threads whose name contains it.</param>
    /// <returns>Null where the platform does not tell.</returns>
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
