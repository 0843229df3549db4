namespace SpeedData.Server.Http.Describing;

/// <summary>The OpenAPI description of an address.</summary>
/// <param name="Summary">One line.</param>
/// <param name="Request">The type of the request body; null for none.</param>
/// <param name="Answers">The types of the answers, by status.</param>
internal sealed record EndpointText(string Summary, Type? Request, IReadOnlyList<(int Status, Type Body)> Answers);

/// <summary>A query parameter.</summary>
internal sealed record QueryText(string Name, string Summary);

/// <summary>Marks an address of the predecessor. Its clients may send parameters that mean nothing here.</summary>
internal sealed record PredecessorAddress;

internal static class EndpointTexts
{
    public static TBuilder ForPredecessorsClients<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new PredecessorAddress());

    public static TBuilder Describe<TBuilder>(this TBuilder endpoint, string summary, Type? request, params (int Status, Type Body)[] answers)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new EndpointText(summary, request, answers));

    public static TBuilder Asks<TBuilder>(this TBuilder endpoint, string name, string summary)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new QueryText(name, summary));

    public static TBuilder AsksForRange<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder => endpoint.Asks("from", "start of the range: ISO 8601 with a zone, -10min, now or Unix nanoseconds").Asks("to", "end of the range, exclusive");

    public static TBuilder AsksForPage<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder => endpoint.AsksForRange().Asks("limit", "most entries of a page").Asks("after", "the value of next in the previous page");
}
