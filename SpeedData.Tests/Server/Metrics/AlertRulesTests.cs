using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace SpeedData.Tests.Server.Metrics;

/// <summary>The shipped alert rules: each has a case that fires and one that does not, and uses only metrics that exist.</summary>
public sealed partial class AlertRulesTests
{
    private const string Tool = "/usr/bin/promtool";

    private static readonly string Folder = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Here())!, "..", "..", "..", "packaging", "prometheus"));

    private static string Rules => File.ReadAllText(Path.Combine(Folder, "speeddata.rules.yml"));

    private static string Cases => File.ReadAllText(Path.Combine(Folder, "speeddata.rules.test.yml"));

    private static IEnumerable<string> Alerts => AlertName().Matches(Rules).Select(m => m.Groups[1].Value);

    [Test]
    public void Prometheus_accepts_the_rules_and_all_their_test_cases_pass()
    {
        if (!File.Exists(Tool))
            Assert.Ignore("promtool is not installed (Debian: prometheus)");
        using Process tool = Process.Start(new ProcessStartInfo(Tool, ["test", "rules", "speeddata.rules.test.yml"]) { WorkingDirectory = Folder, RedirectStandardOutput = true, RedirectStandardError = true })!;
        string said = tool.StandardOutput.ReadToEnd() + tool.StandardError.ReadToEnd();
        tool.WaitForExit();
        Assert.That(tool.ExitCode, Is.Zero, said);
    }

    [TestCaseSource(nameof(Alerts))]
    public void Each_alert_has_a_case_that_fires_and_one_that_does_not(string alert)
    {
        string[] cases = [.. Case().Matches(Cases).Where(m => m.Groups[1].Value == alert).Select(m => m.Groups[2].Value)];
        Assert.That(cases, Has.Some.EqualTo("").And.Some.EqualTo(" []"));
    }

    [Test]
    public void Each_metric_in_a_rule_exists() =>
        Assert.That(Metric().Matches(Rules).Select(m => m.Value).Distinct(), Is.SubsetOf(MetricNamesTests.Contract.Keys));

    private static string Here([CallerFilePath] string file = "") => file;

    [GeneratedRegex(@"- alert: (\w+)")]
    private static partial Regex AlertName();

    [GeneratedRegex(@"alertname: (\w+)\s+exp_alerts:(.*)")]
    private static partial Regex Case();

    [GeneratedRegex(@"\bspeeddata_\w+")]
    private static partial Regex Metric();
}
