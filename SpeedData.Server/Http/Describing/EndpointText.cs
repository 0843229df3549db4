namespace SpeedData.Server.Http.Describing;

/// <summary>What the API's description says of an address.</summary>
/// <param name="Summary">One line.</param>
/// <param name="Request">The body it takes; null for none.</param>
/// <param name="Answers">What it answers, by status.</param>
internal sealed record EndpointText(string Summary, Type? Request, IReadOnlyList<(int Status, Type Body)> Answers);

/// <summary>A parameter of the query.</summary>
internal sealed record QueryText(string Name, string Summary);

internal static class EndpointTexts
{
    public static TBuilder Describe<TBuilder>(this TBuilder endpoint, string summary, Type? request, params (int Status, Type Body)[] answers)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new EndpointText(summary, request, answers));

    public static TBuilder Asks<TBuilder>(this TBuilder endpoint, string name, string summary)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new QueryText(name, summary));
}
