namespace SpeedData.Tests.Support;

/// <summary>Gets a page from a server on this host.</summary>
internal static class LocalHttp
{
    /// <returns>The body, whatever the status.</returns>
    public static string Get(int port, string path)
    {
        using var handler = new SocketsHttpHandler { UseProxy = false };
        using var client = new HttpClient(handler);
        using HttpResponseMessage answer = client.GetAsync(new Uri($"http://127.0.0.1:{port}{path}")).GetAwaiter().GetResult();
        return answer.Content.ReadAsStringAsync().GetAwaiter().GetResult();
    }

    /// <returns>The body, or empty if no server answers.</returns>
    public static string TryGet(int port, string path)
    {
        try
        {
            return Get(port, path);
        }
        catch (HttpRequestException)
        {
            return "";
        }
    }
}
