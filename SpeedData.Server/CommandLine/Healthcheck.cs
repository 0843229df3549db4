namespace SpeedData.Server.CommandLine;

/// <summary>Asks a running server for its health; used by HEALTHCHECK in a container.</summary>
internal static class Healthcheck
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <returns>0 if it is healthy, else 1; one line says which.</returns>
    public static async Task<int> AskAsync(string url, bool ready, TextWriter output, CancellationToken stop)
    {
        var question = new Uri(ListenUrls.ToReach(url), ready ? "/health/ready" : "/health/live");
        // A proxy of the environment must not answer for the server.
        using var handler = new SocketsHttpHandler { UseProxy = false, ConnectTimeout = Patience };
        using var client = new HttpClient(handler) { Timeout = Patience };
        try
        {
            using HttpResponseMessage answer = await client.GetAsync(question, stop);
            string body = await answer.Content.ReadAsStringAsync(stop);
            await output.WriteLineAsync($"{question}: {(int)answer.StatusCode} {body.ReplaceLineEndings(" ")}");
            return answer.IsSuccessStatusCode ? ExitCode.Ok : ExitCode.Unhealthy;
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            string reason = e is OperationCanceledException ? $"no answer within {Patience.TotalSeconds:0} s" : e.Message;
            await output.WriteLineAsync($"{question}: {reason}");
            return ExitCode.Unhealthy;
        }
    }
}
