using System.Net;
using System.Text.Json;
using SpeedData.Server.Http.Registering;
using SpeedData.Server.Registration;

namespace SpeedData.Server.CommandLine;

/// <summary>The command reload: makes the running server read its configuration again and prints the result.</summary>
internal static class ReloadRun
{
    /// <returns>The exit code.</returns>
    public static async Task<int> AskAsync(RunningServer server, ReloadRequest request, ApplicationEnvironment environment)
    {
        string path = request.DryRun ? "/api/v1/reload?dry_run=true" : "/api/v1/reload";
        (HttpStatusCode? status, string text) = await server.AskAsync(HttpMethod.Post, path, withToken: true, environment.Stop);
        if (status is null)
        {
            environment.Error.WriteLine($"SpeedData.Server: {server.At(path)}: {text}");
            return ExitCode.Unavailable;
        }

        if (request.Json)
            environment.Output.WriteLine(text);
        switch (status)
        {
            case HttpStatusCode.OK:
                if (!request.Json)
                    Write(JsonSerializer.Deserialize(text, RegistrationJson.Readable.ReloadView)!, environment.Output);
                return ExitCode.Ok;
            case HttpStatusCode.BadRequest:
                ProblemView problem = JsonSerializer.Deserialize(text, RegistrationJson.Readable.ProblemView)!;
                environment.Error.WriteLine(problem.Error);
                foreach (KeyFindingView finding in problem.Findings ?? [])
                    environment.Error.WriteLine($"  {(finding.Channel is { } channel ? $"channel {channel}, " : "")}{finding.Key}{(finding.Value is { } value ? $" = \"{value}\"" : "")}: {finding.Why}".ReplaceLineEndings(" "));
                return ExitCode.Configuration;
            default:
                environment.Error.WriteLine($"SpeedData.Server: {server.At(path)}: {(int)status} {text.ReplaceLineEndings(" ")}");
                return status == HttpStatusCode.ServiceUnavailable ? ExitCode.Unavailable : ExitCode.Unhealthy;
        }
    }

    private static void Write(ReloadView view, TextWriter output)
    {
        string would = view.DryRun ? "would be " : "";
        foreach (string name in view.Added)
            output.WriteLine($"{name}: {would}added");
        foreach (string name in view.Changed)
        {
            output.WriteLine($"{name}: {would}changed");
            foreach (KeyChange change in view.Changes[name])
                output.WriteLine($"  {change.Key}: {change.From} -> {change.To}; holds {change.When}; replaces {change.Replaces}; costs {change.Cost}");
        }

        foreach (string name in view.Removed)
            output.WriteLine($"{name}: {would}removed; its recordings remain");
        foreach (RestartKey key in view.RestartRequired)
            output.WriteLine($"{key.Key}: {key.From} -> {key.To}; takes effect after a restart");
        foreach (string warning in view.Warnings)
            output.WriteLine($"warning: {warning}");
        output.WriteLine($"{view.Added.Count} added, {view.Changed.Count} changed, {view.Removed.Count} removed, {view.Unchanged.Count} unchanged{(view.DryRun ? " (dry run: nothing was changed)" : "")}");
    }
}
