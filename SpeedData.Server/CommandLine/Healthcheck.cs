using System.Net;

namespace SpeedData.Server.CommandLine;

/// <summary>The command healthcheck: asks a running server whether it is healthy. Used by HEALTHCHECK in a container.</summary>
internal static class Healthcheck
{
    /// <returns>0 if the server is healthy, else 1.</returns>
    public static async Task<int> AskAsync(RunningServer server, bool ready, TextWriter output, CancellationToken stop)
    {
        string path = ready ? "/health/ready" : "/health/live";
        (HttpStatusCode? status, string text) = await server.AskAsync(HttpMethod.Get, path, withToken: false, stop);
        await output.WriteLineAsync($"{server.At(path)}: {(status is { } known ? $"{(int)known} " : "")}{text.ReplaceLineEndings(" ")}");
        return status is HttpStatusCode.OK ? ExitCode.Ok : ExitCode.Unhealthy;
    }
}
