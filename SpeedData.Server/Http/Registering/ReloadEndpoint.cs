using SpeedData.Server.Registration;

namespace SpeedData.Server.Http.Registering;

/// <summary>Reads the configuration and the registered channels again.</summary>
internal sealed class ReloadEndpoint(Reload reload)
{
    /// <summary>Whether the request only asks what would change.</summary>
    public static bool IsDryRun(HttpRequest request) => request.Query["dry_run"].FirstOrDefault() is { } asked && asked is not ("false" or "0");

    public async Task PostAsync(HttpContext context)
    {
        bool isDryRun = IsDryRun(context.Request);
        try
        {
            ReloadOutcome outcome = await reload.RunAsync(isDryRun, context.RequestAborted);
            if (outcome.Plan is { } plan)
                await Answer.WriteAsync(context, StatusCodes.Status200OK, View(plan, outcome, isDryRun), RegistrationJson.Readable.ReloadView);
            else
                await Answer.WriteAsync(context, StatusCodes.Status400BadRequest, Refused(outcome), RegistrationJson.Readable.ProblemView);
        }
        catch (RegistrationUnavailableException e)
        {
            context.Response.Headers.RetryAfter = "1";
            await Answer.WriteErrorAsync(context, StatusCodes.Status503ServiceUnavailable, e.Message);
        }
    }

    private static ProblemView Refused(ReloadOutcome outcome) =>
        new($"{outcome.Faults.Count} {(outcome.Faults.Count == 1 ? "fault" : "faults")} in the configuration; nothing was changed") { Findings = [.. outcome.Faults.Select(fault => RegistrationJson.ViewOf(fault))] };

    private static ReloadView View(ChangePlan plan, ReloadOutcome outcome, bool isDryRun) => new(
        "success",
        isDryRun,
        [.. plan.Added.Select(options => options.Name)],
        [.. plan.Changed.Select(change => change.Options.Name)],
        plan.Removed,
        plan.Unchanged,
        plan.Changed.ToDictionary(change => change.Options.Name, change => change.Changes),
        outcome.Restart,
        outcome.Warnings);
}
