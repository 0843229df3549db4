using SpeedData.Core.Channels;
using SpeedData.Core.Reading;
using SpeedData.Server.Hosting;
using SpeedData.Server.Http.Registering;
using SpeedData.Server.Registration;

namespace SpeedData.Server.Http;

/// <summary>Answers with the channels and their present state.</summary>
internal sealed class ChannelsEndpoint(IChannelHost host, Registrar registrar)
{
    private static readonly ListPage All = new(int.MaxValue, null);

    private static readonly StringComparer Names = StringComparer.OrdinalIgnoreCase;

    public Task ListAsync(HttpContext context)
    {
        ListPage page;
        try
        {
            page = ListPage.Of(context.Request.Query, int.MaxValue);
        }
        catch (ReadingException e)
        {
            return Answer.WriteErrorAsync(context, StatusCodes.Status400BadRequest, e.Message);
        }

        // The predecessor's clients send an empty status for all channels.
        string? status = context.Request.Query["status"].FirstOrDefault() is { Length: > 0 } asked ? asked : null;
        IEnumerable<Channel> channels = host.Channels.Where(channel => status is null || ApiJson.NameOf(channel.State.Status).Equals(status, StringComparison.OrdinalIgnoreCase));
        // Channels may be added and removed between two pages. Sorted by name, no other channel is missed or repeated.
        if (page != All)
            channels = channels.Where(channel => page.After is null || Names.Compare(channel.Name, page.After) > 0).OrderBy(channel => channel.Name, Names);
        IReadOnlyList<Channel> taken = page.Take([.. channels], channel => channel.Name, out string? next);
        return Answer.WriteAsync(context, StatusCodes.Status200OK, new ChannelListView([.. taken.Select(channel => ChannelView.Of(channel, registrar.KindOf(channel)))], next), Answer.Json.ChannelListView);
    }

    public Task GetAsync(HttpContext context)
    {
        string? name = context.GetRouteValue("name")?.ToString();
        Channel? channel = host.Channels.FirstOrDefault(c => c.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
        if (channel is null)
            return NotFoundAsync(context, name);
        RegistrationView? registration = registrar.Now.Registered.TryGetValue(channel.Name, out var registered) ? RegistrationFile.View(registered) : null;
        var view = ChannelView.Of(channel, registrar.KindOf(channel), registration);
        context.Response.Headers.ETag = view.Etag;
        return Answer.WriteAsync(context, StatusCodes.Status200OK, view, Answer.Json.ChannelView);
    }

    public static Task NotFoundAsync(HttpContext context, string? name) =>
        Answer.WriteAsync(context, StatusCodes.Status404NotFound, new ProblemView("Channel not found") { Name = name }, RegistrationJson.Readable.ProblemView);
}
