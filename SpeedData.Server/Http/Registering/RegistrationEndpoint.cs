using SpeedData.Core.Channels;
using SpeedData.Core.Configuration.Registered;
using SpeedData.Server.Hosting;
using SpeedData.Server.Http.Access;
using SpeedData.Server.Registration;

namespace SpeedData.Server.Http.Registering;

/// <summary>Registers, changes, checks and removes channels.</summary>
internal sealed class RegistrationEndpoint(Registrar registrar, IChannelHost host, RequestBody bodies, RegistrationChecks checks, AccessPolicy access, RefusedRequests refused)
{
    private const string Success = "success";

    public Task PostAsync(HttpContext context) => bodies.WithAsync(context, async (body, why) =>
    {
        if (ChannelRequest.TryRead(body, why, null, out ProblemView? problem) is not { } request)
            await WriteAsync(context, Problem.BadRequest(problem!));
        else
            await AloneAsync(context, () => RegisterAsync(context, request));
    });

    public Task PutAsync(HttpContext context) => bodies.WithAsync(context, (body, why) => AloneAsync(context, async () =>
    {
        string name = NameOf(context);
        if (Guard(context, name, mustExist: false) is { } refused)
            return await WriteAsync(context, refused);
        if (ChannelRequest.NameIn(body) is { } other && !other.Equals(name, StringComparison.OrdinalIgnoreCase))
            return await WriteAsync(context, Problem.BadRequest(RegistrationChecks.Refused([new KeyFindingView("name", other, $"the address names {name}; a channel is renamed by registering the new name and removing the old one")])));
        if (ChannelRequest.TryRead(body, why, Registered(name)?.Name ?? name, out ProblemView? problem) is not { } request)
            return await WriteAsync(context, Problem.BadRequest(problem!));
        return await ReplaceAsync(context, request);
    }));

    public Task DeleteAsync(HttpContext context) => AloneAsync(context, async () =>
    {
        string name = NameOf(context);
        if (Guard(context, name, mustExist: true) is { } refused)
            return await WriteAsync(context, refused);
        RegisteredChannel? registered = registrar.Now.Registered.GetValueOrDefault(name);
        RegisteredFile file = registered?.File ?? registrar.Now.Broken[name].File;
        await registrar.RemoveAsync(file, registered?.InlineSchema is not null);
        return await WriteAsync(context, StatusCodes.Status200OK, new DoneView(Success, file.Name, $"Channel {file.Name} removed; its recordings remain"));
    });

    /// <summary>Answers what is wrong with a request, or what it would change. Changes nothing.</summary>
    public Task ValidateAsync(HttpContext context) => bodies.WithAsync(context, async (body, why) =>
    {
        if (ChannelRequest.TryRead(body, why, null, out ProblemView? problem) is not { } request)
            await WriteAsync(context, Problem.BadRequest(problem! with { Valid = false }));
        else if (!request.HasInlineSchema && access.RefusalOfFiles(context) is { } refusal)
            await refused.AnswerAsync(context, refusal);
        else
            await AvailableAsync(context, () => registrar.PreviewAsync(() => PreviewAsync(context, request), context.RequestAborted));
    });

    private static string NameOf(HttpContext context) => context.GetRouteValue("name")?.ToString() ?? "";

    private async Task<bool> RegisterAsync(HttpContext context, ChannelRequest request)
    {
        (Draft? draft, Problem? problem) = await checks.RunAsync(request, isNew: true);
        if (draft is null)
            return await WriteAsync(context, problem!);
        await registrar.PutAsync(draft.Channel);
        context.Response.Headers.Location = $"{context.Request.PathBase}/api/v1/channels/{draft.Channel.Name}";
        return await WriteAsync(context, StatusCodes.Status201Created, Done(draft, $"Channel {draft.Channel.Name} registered on port {draft.Port}", null));
    }

    private async Task<bool> ReplaceAsync(HttpContext context, ChannelRequest request)
    {
        Channel? before = Find(request.Name);
        bool isNew = before is null;
        (Draft? draft, Problem? problem) = await checks.RunAsync(request, isNew);
        if (draft is null)
            return await WriteAsync(context, problem!);
        IReadOnlyList<KeyChange> changes = ChangesOf(before, draft);
        await registrar.PutAsync(draft.Channel);
        string done = isNew ? $"Channel {draft.Channel.Name} registered on port {draft.Port}" : $"Channel {draft.Channel.Name} changed";
        return await WriteAsync(context, isNew ? StatusCodes.Status201Created : StatusCodes.Status200OK, Done(draft, done, changes));
    }

    private async Task<bool> PreviewAsync(HttpContext context, ChannelRequest request)
    {
        Channel? before = Find(request.Name);
        (Draft? draft, Problem? problem) = await checks.RunAsync(request, isNew: before is null);
        if (registrar.Now.FindFixed(request.Name) is not null)
            (draft, problem) = (null, Fixed(request.Name));
        if (draft is null)
            return await WriteAsync(context, Problem.BadRequest(problem!.View with { Valid = false, Findings = await checks.AllOfAsync(request, problem.View.Findings ?? []) }));
        return await WriteAsync(context, draft, before);
    }

    private static async Task<bool> WriteAsync(HttpContext context, Draft draft, Channel? before)
    {
        var view = new ValidView(true, before is null ? "add" : "change", draft.Port, draft.Warnings, ChangesOf(before, draft));
        await Answer.WriteAsync(context, StatusCodes.Status200OK, view, RegistrationJson.Readable.ValidView);
        return true;
    }

    /// <summary>Returns why the channel must not be changed or removed; null if it may.</summary>
    private Problem? Guard(HttpContext context, string name, bool mustExist)
    {
        if (registrar.Now.FindFixed(name) is not null)
            return Fixed(name);
        Channel? channel = Find(name);
        if (mustExist && channel is null)
            return new Problem(StatusCodes.Status404NotFound, new ProblemView("Channel not found") { Name = name });
        return ChannelTag.MayChange(context.Request, channel)
            ? null
            : new Problem(StatusCodes.Status412PreconditionFailed, new ProblemView("The channel has changed since the state in If-Match: read it again") { Name = name, Etag = channel is null ? null : ChannelTag.Of(channel) });
    }

    private Problem Fixed(string name)
    {
        string why = $"Channel {name} is fixed: change it in {registrar.Now.FixedFile} and reload";
        return Problem.Conflict(ProblemView.Of(why, new KeyFindingView("Name", name, why)) with { Name = name, File = registrar.Now.FixedFile });
    }

    private RegisteredChannel? Registered(string name) => registrar.Now.Registered.GetValueOrDefault(name);

    /// <summary>Finds the registered channel with this name.</summary>
    private Channel? Find(string name) => registrar.Now.Registered.ContainsKey(name) || registrar.Now.Broken.ContainsKey(name)
        ? host.Channels.FirstOrDefault(channel => channel.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
        : null;

    private DoneView Done(Draft draft, string message, IReadOnlyList<KeyChange>? changes) => new(Success, draft.Channel.Name, message)
    {
        Port = draft.Port,
        Pid = Environment.ProcessId,
        Etag = Find(draft.Channel.Name) is { } channel ? ChannelTag.Of(channel) : null,
        Changes = changes,
        Warnings = draft.Warnings is { Count: > 0 } warnings ? warnings : null,
    };

    private static IReadOnlyList<KeyChange> ChangesOf(Channel? before, Draft draft) => before is null or BrokenChannel
        ? []
        : KeyChange.Of(before, draft.Channel.Options, ChangePlan.SchemaTextsOf(draft.Channel.Options, draft.Channel));

    /// <summary>Runs a change while no other change runs. A client that disconnects does not stop a change that has begun.</summary>
    private Task AloneAsync(HttpContext context, Func<Task<bool>> change) => AvailableAsync(context, () => registrar.AloneAsync(change, context.RequestAborted));

    private static async Task AvailableAsync(HttpContext context, Func<Task> act)
    {
        try
        {
            await act();
        }
        catch (RegistrationUnavailableException e)
        {
            context.Response.Headers.RetryAfter = "1";
            await Answer.WriteErrorAsync(context, StatusCodes.Status503ServiceUnavailable, e.Message);
        }
    }

    private static async Task<bool> WriteAsync(HttpContext context, int status, DoneView view)
    {
        if (view.Etag is { } tag)
            context.Response.Headers.ETag = tag;
        await Answer.WriteAsync(context, status, view, RegistrationJson.Readable.DoneView);
        return true;
    }

    private static async Task<bool> WriteAsync(HttpContext context, Problem problem)
    {
        await Answer.WriteAsync(context, problem.Status, problem.View, RegistrationJson.Readable.ProblemView);
        return true;
    }
}
