using System.Text.Json;
using SpeedData.Core.Channels;
using SpeedData.Server.Hosting;

namespace SpeedData.Server.Http.Registering;

/// <summary>Answers with a channel's schema, and whether another schema is the same.</summary>
internal sealed class SchemaEndpoint(IChannelHost host, RequestBody bodies)
{
    public Task GetAsync(HttpContext context)
    {
        if (Find(context) is not { } channel)
            return NotFoundAsync(context);
        if (channel.KnownSchema is not { } schema)
            return Answer.WriteAsync(context, StatusCodes.Status404NotFound, new ProblemView("Schema not found") { Name = channel.Name, Details = channel.State.LastFault?.Message }, RegistrationJson.Readable.ProblemView);
        context.Response.ContentType = "application/json; charset=utf-8";
        return context.Response.WriteAsync(schema.Text, context.RequestAborted);
    }

    public Task ValidateAsync(HttpContext context) => bodies.WithAsync(context, (body, _) =>
    {
        if (Find(context) is not { } channel)
            return NotFoundAsync(context);
        if (body is not { } fields || !fields.TryGetProperty("schema", out JsonElement sent) || sent.ValueKind == JsonValueKind.Null)
            return Answer.WriteAsync(context, StatusCodes.Status400BadRequest, new ProblemView("Request body must contain 'schema' field"), RegistrationJson.Readable.ProblemView);
        using JsonDocument? text = TryParse(sent);
        JsonElement provided = text?.RootElement ?? sent;
        using JsonDocument registered = JsonDocument.Parse(channel.KnownSchema?.Text ?? "null", new JsonDocumentOptions { MaxDepth = 512 });
        bool isSame = JsonElement.DeepEquals(registered.RootElement, provided);
        SchemaMatchView view = isSame
            ? new SchemaMatchView(true, "Schema matches registered schema")
            : new SchemaMatchView(false, "Schema does not match") { RegisteredSchema = registered.RootElement, ProvidedSchema = provided };
        return Answer.WriteAsync(context, isSame ? StatusCodes.Status200OK : StatusCodes.Status409Conflict, view, RegistrationJson.Readable.SchemaMatchView);
    });

    /// <summary>Parses a schema that was sent as a text.</summary>
    private static JsonDocument? TryParse(JsonElement sent)
    {
        if (sent.ValueKind != JsonValueKind.String)
            return null;
        try
        {
            return JsonDocument.Parse(ChannelRequest.TextOf(sent));
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static Task NotFoundAsync(HttpContext context) =>
        Answer.WriteAsync(context, StatusCodes.Status404NotFound, new ProblemView("Channel not found") { Name = context.GetRouteValue("name")?.ToString() }, RegistrationJson.Readable.ProblemView);

    private Channel? Find(HttpContext context)
    {
        string? name = context.GetRouteValue("name")?.ToString();
        return host.Channels.FirstOrDefault(channel => channel.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
    }
}
