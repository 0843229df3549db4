using SpeedData.Server.Http.Describing;

namespace SpeedData.Server.Http;

/// <summary>
/// Refuses query parameters that an address does not have. If a misspelt <c>from</c> were ignored, the answer would be everything that
/// was recorded. An address without parameters ignores a query, and so does an address of the predecessor.
/// </summary>
internal static class KnownParameters
{
    /// <summary>Adds the check after routing and the access rules, before any address answers.</summary>
    public static void UseKnownParameters(this WebApplication app) => app.Use((context, next) => FaultOf(context) is { } fault
        ? Answer.WriteErrorAsync(context, StatusCodes.Status400BadRequest, fault)
        : next(context));

    private static string? FaultOf(HttpContext context)
    {
        if (context.Request.Query.Count == 0 || context.GetEndpoint()?.Metadata is not { } about || about.GetMetadata<PredecessorAddress>() is not null)
            return null;
        IReadOnlyList<QueryText> texts = about.GetOrderedMetadata<QueryText>();
        if (texts.Count == 0)
            return null;
        string[] known = [.. texts.Select(text => text.Name)];
        string? unknown = context.Request.Query.Keys.FirstOrDefault(key => !known.Contains(key, StringComparer.OrdinalIgnoreCase));
        return unknown is null ? null : $"{unknown}: there is no such parameter; known here are {string.Join(", ", known)}";
    }
}
