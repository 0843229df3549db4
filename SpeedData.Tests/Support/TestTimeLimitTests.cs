using System.Diagnostics;
using System.Xml.Linq;

namespace SpeedData.Tests.Support;

/// <summary>A test that hangs fails by name, and the other tests continue.</summary>
public sealed class TestTimeLimitTests
{
    [Test]
    public void A_test_that_hangs_fails_by_name_and_the_others_continue()
    {
        using var folder = new TempFolder();
        string settings = folder.Write("explicit.runsettings", "<RunSettings><NUnit><ExplicitMode>Relaxed</ExplicitMode></NUnit></RunSettings>");
        using Process run = Process.Start(new ProcessStartInfo("dotnet",
        [
            "vstest", typeof(TestTimeLimitTests).Assembly.Location, $"--settings:{settings}", $"--TestCaseFilter:FullyQualifiedName~{nameof(HangingTests)}",
            "--logger:trx;LogFileName=results.trx", $"--ResultsDirectory:{folder.Path}",
        ])
        { RedirectStandardOutput = true, RedirectStandardError = true, Environment = { [TimeLimitAttribute.Variable] = "1" } })!;
        string output = run.StandardOutput.ReadToEnd() + run.StandardError.ReadToEnd();
        run.WaitForExit();
        Assert.That(run.ExitCode, Is.EqualTo(1), output);
        Dictionary<string, string> outcomes = XDocument.Load(Path.Combine(folder.Path, "results.trx")).Descendants()
            .Where(element => element.Name.LocalName == "UnitTestResult")
            .ToDictionary(result => result.Attribute("testName")!.Value, result => result.Attribute("outcome")!.Value);
        Assert.That(outcomes, Is.EquivalentTo(new Dictionary<string, string>
        {
            [nameof(HangingTests.Hangs)] = "Failed",
            [nameof(HangingTests.Passes)] = "Passed",
        }));
    }
}

/// <summary>Only run by the test above.</summary>
[Explicit]
public sealed class HangingTests
{
    [Test]
    public void Hangs() => Thread.Sleep(Timeout.Infinite);

    [Test]
    public void Passes()
    {
    }
}
