using SpeedData.Core.Inspect;
using SpeedData.Server.CommandLine;

namespace SpeedData.Server.Inspect;

/// <summary>Runs the command verify.</summary>
internal static class VerifyRun
{
    /// <returns>The exit code.</returns>
    public static int Run(InspectArguments arguments, ApplicationEnvironment environment, CancellationToken stop)
    {
        InspectPlan plan = InspectPlan.Find(arguments.Paths);
        using var progress = new TerminalProgress(environment, plan.Items.Count);
        var verifier = new FileVerifier(arguments.Counter, progress, stop);
        var views = new List<VerifiedFileView>();
        foreach (InspectItem item in plan.Items)
        {
            FileReport report = verifier.Verify(item);
            progress.Clear();
            if (!arguments.Json)
                PlainText.Write(environment.Output, VerifyText.Lines(report));
            views.Add(VerifiedFileView.Of(report));
        }

        int exitCode = plan.Missing.Count > 0 ? ExitCode.NoInput : views.Exists(view => view.Clean is false) ? ExitCode.Findings : ExitCode.Ok;
        if (arguments.Json)
            InspectJson.Write(environment.Output, new VerifyView(views, plan.Missing, exitCode));
        else
            PlainText.Write(environment.Output, [VerifyText.Summary(views)]);
        PlainText.Write(environment.Error, plan.Missing.Select(path => $"SpeedData.Server: {path} is missing"));
        return exitCode;
    }
}
