using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace SpeedData.Server.Http.Describing;

/// <summary>
/// Describes the HTTP API in OpenAPI. Addresses with an <see cref="EndpointText"/> are described in full; of all others
/// only the path is listed.
/// </summary>
internal sealed class ApiDescription(EndpointDataSource served) : IOpenApiDocumentTransformer
{
    public async Task TransformAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info = new OpenApiInfo { Title = "SpeedData", Version = "v1", Description = "Records UDP telemetry to Avro files and relays it." };
        // Behind a proxy the address would be wrong.
        document.Servers?.Clear();
        foreach (RouteEndpoint endpoint in served.Endpoints.OfType<RouteEndpoint>())
        {
            string path = "/" + string.Join('/', endpoint.RoutePattern.PathSegments.Select(segment => string.Concat(segment.Parts.Select(Of))));
            foreach (string method in endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? [HttpMethods.Get])
            {
                if (!document.Paths.TryGetValue(path, out IOpenApiPathItem? item))
                    document.Paths[path] = item = new OpenApiPathItem();
                if (item is OpenApiPathItem own && method != HttpMethods.Head && own.Operations?.ContainsKey(new HttpMethod(method)) != true)
                    own.AddOperation(new HttpMethod(method), await OperationAsync(endpoint, context, document, cancellationToken));
            }
        }
    }

    private static string Of(Microsoft.AspNetCore.Routing.Patterns.RoutePatternPart part) => part switch
    {
        Microsoft.AspNetCore.Routing.Patterns.RoutePatternLiteralPart literal => literal.Content,
        Microsoft.AspNetCore.Routing.Patterns.RoutePatternSeparatorPart separator => separator.Content,
        Microsoft.AspNetCore.Routing.Patterns.RoutePatternParameterPart parameter => $"{{{parameter.Name}}}",
        _ => "",
    };

    private static async Task<OpenApiOperation> OperationAsync(RouteEndpoint endpoint, OpenApiDocumentTransformerContext context, OpenApiDocument document, CancellationToken stop)
    {
        EndpointText? text = endpoint.Metadata.GetMetadata<EndpointText>();
        var operation = new OpenApiOperation
        {
            Summary = text?.Summary,
            Parameters =
            [
                .. endpoint.RoutePattern.Parameters.Select(p => Parameter(p.Name, ParameterLocation.Path, null)),
                .. endpoint.Metadata.GetOrderedMetadata<QueryText>().Select(query => Parameter(query.Name, ParameterLocation.Query, query.Summary)),
            ],
            Responses = [],
        };
        if (text?.Request is { } body)
            operation.RequestBody = new OpenApiRequestBody { Required = true, Content = await ContentAsync(body, context, document, stop) };
        foreach ((int status, Type answer) in text?.Answers ?? [(StatusCodes.Status200OK, typeof(object))])
        {
            operation.Responses[status.ToString(CultureInfo.InvariantCulture)] = new OpenApiResponse
            {
                Description = Microsoft.AspNetCore.WebUtilities.ReasonPhrases.GetReasonPhrase(status),
                Content = text is null ? null : await ContentAsync(answer, context, document, stop),
            };
        }

        return operation;
    }

    private static OpenApiParameter Parameter(string name, ParameterLocation place, string? summary) =>
        new() { Name = name, In = place, Required = place == ParameterLocation.Path, Description = summary, Schema = new OpenApiSchema { Type = JsonSchemaType.String } };

    private static async Task<Dictionary<string, OpenApiMediaType>> ContentAsync(Type type, OpenApiDocumentTransformerContext context, OpenApiDocument document, CancellationToken stop)
    {
        if (type == typeof(object))
            return new() { ["application/json"] = new OpenApiMediaType() };
        string name = type.Name;
        if (document.Components?.Schemas?.ContainsKey(name) != true)
            document.AddComponent(name, (IOpenApiSchema)await context.GetOrCreateSchemaAsync(type, null, stop));
        return new() { ["application/json"] = new OpenApiMediaType { Schema = new OpenApiSchemaReference(name, document) } };
    }
}

internal static class DescribingSetup
{
    public static void AddDescription(this IServiceCollection services)
    {
        services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
            json.SerializerOptions.NumberHandling = JsonNumberHandling.Strict;
            json.SerializerOptions.RespectRequiredConstructorParameters = true;
            json.SerializerOptions.RespectNullableAnnotations = true;
        });
        services.AddOpenApi("v1", options => options
            .AddSchemaTransformer((schema, context, _) =>
            {
                // A bare reference would not say that the object may be null.
                if (context.JsonPropertyInfo is { IsGetNullable: true } && schema.Type is { } type)
                    schema.Type = type | JsonSchemaType.Null;
                return Task.CompletedTask;
            })
            .AddDocumentTransformer<ApiDescription>());
    }
}
