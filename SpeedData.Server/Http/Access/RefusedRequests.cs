using System.Collections.Concurrent;
using SpeedData.Server.Reporting;

namespace SpeedData.Server.Http.Access;

/// <summary>Counts refused requests by the key that would allow them. Logs each source at most once a minute. Any thread.</summary>
internal sealed class RefusedRequests(TimeProvider time, ILogger<RefusedRequests> log)
{
    private const int SourcesFollowed = 50;

    private readonly ConcurrentDictionary<string, long> _counts = new();
    private readonly Lock _gate = new();
    private readonly Repetitions _repetitions = new(time, SourcesFollowed, SourcesFollowed);

    /// <summary>Refused requests since the start, by key.</summary>
    public IReadOnlyCollection<KeyValuePair<string, long>> Counts => [.. _counts];

    public Task AnswerAsync(HttpContext context, Refusal refusal)
    {
        Note(context, refusal);
        return Answer.WriteErrorAsync(context, refusal.Status, refusal.Why);
    }

    private void Note(HttpContext context, Refusal refusal)
    {
        _counts.AddOrUpdate(refusal.Key, 1, (_, count) => count + 1);
        var source = new FaultKey("", $"{context.Connection.RemoteIpAddress}", refusal.Key);
        lock (_gate)
        {
            if (_repetitions.IsNews(source, 1))
                log.LogWarning("{Method} from {Source} was refused: {Why}", MethodOf(context), source.Source, refusal.Why);
            foreach (Repetition again in _repetitions.Due())
                log.LogWarning("{Count:N0} more requests from {Source} were refused; {Key} would allow them", again.Count, again.Key.Source is { Length: > 0 } known ? known : "other addresses", again.Key.Reason is { Length: > 0 } key ? key : "SpeedData:Api");
        }
    }

    /// <summary>Returns the request's method for the log. The client chooses this word, so it is not trusted.</summary>
    private static string MethodOf(HttpContext context) =>
        context.Request.Method is { Length: <= 16 } method && method.All(char.IsAsciiLetterUpper) ? method : "a request";
}
