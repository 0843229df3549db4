using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace SpeedData.Bench.EndToEnd;

/// <summary>The scenarios to measure, their duration, and the archive folder.</summary>
internal sealed record Arguments(IReadOnlyList<Scenario> Scenarios, double Seconds, string Archive, bool Ladder)
{
    public static bool TryParse(string[] args, [NotNullWhen(true)] out Arguments? arguments)
    {
        var scenarios = new List<Scenario>();
        (double seconds, string archive, bool ladder) = (3, Path.GetTempPath(), false);
        arguments = null;
        for (int i = 0; i < args.Length; i++)
        {
            if (args[i] == "--ladder")
                ladder = true;
            else if (args[i] == "--seconds" && ++i < args.Length && double.TryParse(args[i], CultureInfo.InvariantCulture, out seconds) && seconds > 0)
                continue;
            else if (args[i] == "--archive" && ++i < args.Length)
                archive = args[i];
            else if (i < args.Length && Scenario.All.FirstOrDefault(s => s.Name == args[i]) is { } scenario)
                scenarios.Add(scenario);
            else
                return false;
        }

        arguments = new Arguments(scenarios.Count > 0 ? scenarios : Scenario.All, seconds, archive, ladder);
        return true;
    }
}
