using System.Globalization;

namespace SpeedData.Bench.EndToEnd;

/// <summary>The command line of the end-to-end benchmark, and its table.</summary>
internal static class Scenarios
{
    private const string Usage = """
        usage: dotnet run -c Release --project SpeedData.Bench [-- [SCENARIO…] [--seconds S] [--archive FOLDER] [--ladder]]
               dotnet run -c Release --project SpeedData.Bench -- micro [BenchmarkDotNet's arguments]

        Sends traffic through one channel on loopback: sender, channel and receivers in one process. Prints the CPU time of the
        channel's threads per datagram, the lost datagrams, and the latency from sender to receiver.
          --seconds S       length of a run (default 3)
          --archive FOLDER  for the archives, which are deleted at the end (default: the system's folder for temporary files)
          --ladder          raises the rate until a datagram is lost, and prints the highest rate without loss
        Scenarios: 
        """;

    /// <summary>Rates in thousands of datagrams per second.</summary>
    private static readonly int[] Ladder = [10, 20, 30, 40, 60, 80, 100, 130, 160, 200, 250, 300, 400, 500, 650, 800, 1000, 1300, 1600, 2000];

    public static int Run(string[] args)
    {
        if (!Arguments.TryParse(args, out Arguments? arguments))
        {
            Console.Error.WriteLine(Usage + string.Join(", ", Scenario.All.Select(s => s.Name)));
            return 64;
        }

        Console.WriteLine(arguments.Ladder
            ? "scenario   | bytes | rate without loss, 1/s"
            : "scenario   | bytes | rate, 1/s | lost | CPU per datagram, µs | latency p50, µs | p99, µs | ledger");
        foreach (Scenario scenario in arguments.Scenarios)
            Console.WriteLine(arguments.Ladder ? Climb(scenario, arguments) : Row(scenario, Measure(scenario, arguments)));
        return 0;
    }

    private static Measurement Measure(Scenario scenario, Arguments arguments)
    {
        using (var warmUp = new Bed(scenario with { Rate = Math.Min(scenario.Rate, 40_000) }, arguments.Archive))
            warmUp.Measure(TimeSpan.FromSeconds(1.5));
        using var bed = new Bed(scenario, arguments.Archive);
        return bed.Measure(TimeSpan.FromSeconds(arguments.Seconds));
    }

    private static string Climb(Scenario scenario, Arguments arguments)
    {
        double best = 0;
        foreach (int thousand in Ladder)
        {
            Measurement run = Measure(scenario with { Rate = thousand * 1000 }, arguments);
            if (run.Lost > 0)
                break;
            best = run.AchievedRate;
            if (run.AchievedRate < thousand * 950)
                return string.Create(CultureInfo.InvariantCulture, $"{scenario.Name,-10} | {scenario.Bytes,5} | {best:N0} (the sender's limit)");
        }

        return string.Create(CultureInfo.InvariantCulture, $"{scenario.Name,-10} | {scenario.Bytes,5} | {best:N0}");
    }

    private static string Row(Scenario scenario, Measurement m) => string.Create(
        CultureInfo.InvariantCulture,
        $"{scenario.Name,-10} | {scenario.Bytes,5} | {m.AchievedRate,9:N0} | {m.Lost,4} | {m.CpuMicroseconds?.ToString("F2", CultureInfo.InvariantCulture) ?? "n/a",20} | {m.MedianMicroseconds,15:F0} | {m.P99Microseconds,7:F0} | {(m.LedgerHolds ? "exact" : "BROKEN")}");
}
