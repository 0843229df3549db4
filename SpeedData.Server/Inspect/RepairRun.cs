using SpeedData.Core.Inspect;
using SpeedData.Core.Inspect.Repair;
using SpeedData.Server.CommandLine;

namespace SpeedData.Server.Inspect;

/// <summary>Runs the command repair.</summary>
internal static class RepairRun
{
    /// <returns>The exit code.</returns>
    public static int Run(InspectArguments arguments, ApplicationEnvironment environment, CancellationToken stop)
    {
        InspectPlan found = InspectPlan.Find(arguments.Paths);
        RepairPlan plan = RepairPlan.Make(found.Items, arguments.Output!);
        if (plan.Refusals.Count > 0)
        {
            PlainText.Write(environment.Error, plan.Refusals.Select(line => $"SpeedData.Server: {line}"));
            return ExitCode.CannotCreate;
        }

        using var progress = new TerminalProgress(environment, plan.Jobs.Count);
        var repairer = new FileRepairer(progress, stop, arguments.Schema);
        var views = new List<RepairedFileView>();
        foreach (RepairJob job in plan.Jobs)
        {
            RepairReport report = repairer.Repair(job);
            progress.Clear();
            if (!arguments.Json)
                PlainText.Write(environment.Output, RepairText.Lines(report));
            views.Add(RepairedFileView.Of(report));
        }

        string[] unreadable = [.. found.Items.Where(item => item.Trouble is not null).Select(item => $"{item.Path}: {item.Trouble}")];
        int exitCode = views.Exists(view => view.Trouble is not null) ? ExitCode.CannotCreate
            : found.Missing.Count > 0 ? ExitCode.NoInput
            : views.Exists(view => view.Lossy) || unreadable.Length > 0 ? ExitCode.Lost
            : ExitCode.Ok;
        if (arguments.Json)
            InspectJson.Write(environment.Output, new RepairView(views, found.Missing, unreadable, exitCode));
        else
            PlainText.Write(environment.Output, [RepairText.Summary(views)]);
        PlainText.Write(environment.Error, found.Missing.Select(path => $"SpeedData.Server: {path} is missing"));
        PlainText.Write(environment.Error, unreadable.Select(line => $"SpeedData.Server: cannot be read: {line}"));
        return exitCode;
    }
}
