using System.Text.Json;
using SpeedData.Core.Configuration;
using SpeedData.Server.Registration;

namespace SpeedData.Server.Http.Registering;

/// <summary>Checks a requested channel, in the order in which clients expect the faults. Call it while no other change runs.</summary>
internal sealed class RegistrationChecks(Registrar registrar, PortTable ports)
{
    private static readonly TimeSpan FilePatience = TimeSpan.FromSeconds(2);

    private static readonly string NoneFree = $"No port is free from {PortTable.First} to {PortTable.Last}; remove a channel, or choose a port";

    /// <param name="request">The request.</param>
    /// <param name="isNew">Whether the name must be free.</param>
    public async Task<(Draft? Draft, Problem? Problem)> RunAsync(ChannelRequest request, bool isNew)
    {
        if (request.Port is { } wanted && registrar.Now.FindPort(wanted) is { } owner && (isNew || !IsNamed(owner, request.Name)))
            return (null, Problem.Conflict(ProblemView.Of("Port already in use", new KeyFindingView("Port", $"{wanted}", $"Port already in use: channel {owner.Name} has it")) with { Port = wanted, UsedBy = owner.Name }));
        if (await MissingSchemaAsync(request) is { } missing)
            return (null, missing);
        Draft? draft = request.Port is { } port ? Draft.Of(request, port, registrar) : ports.NextFree(request);
        if (draft is null)
            return (null, Problem.Conflict(ProblemView.Of(NoneFree, new KeyFindingView("Port", "auto", NoneFree))));
        IReadOnlyList<KeyFindingView> findings = draft.Findings;
        if (findings.Where(finding => finding.Key == "Schema" || finding.Key.StartsWith("Schema:", StringComparison.Ordinal)).ToArray() is [{ } schema, ..] schemas)
            return (null, Problem.BadRequest(ProblemView.Of($"Invalid schema: {schema.Why}", schemas) with { Details = schema.Why }));
        if (isNew && (registrar.Now.Find(request.Name) is not null || registrar.Now.Broken.ContainsKey(request.Name)))
            return (null, Problem.Conflict(ProblemView.Of("Channel name already registered", new KeyFindingView("Name", request.Name, "Channel name already registered")) with { Name = request.Name }));
        if (isNew && registrar.Now.Registered.Count >= Registrar.MostChannels)
            findings = [.. findings, new KeyFindingView("name", request.Name, $"at most {Registrar.MostChannels} channels can be registered; remove one")];
        findings = [.. request.Unknown, .. findings];
        return findings.Count == 0 ? (draft, null) : (null, Problem.BadRequest(Refused(findings)));
    }

    /// <summary>Returns all faults, not only the first.</summary>
    /// <param name="request">The request.</param>
    /// <param name="first">The first fault.</param>
    public async Task<IReadOnlyList<KeyFindingView>> AllOfAsync(ChannelRequest request, IReadOnlyList<KeyFindingView> first)
    {
        Draft? draft = request.Port is { } port ? Draft.Of(request, port, registrar) : ports.NextFree(request);
        KeyFindingView[] more = [.. (await MissingSchemaAsync(request))?.View.Findings ?? [], .. draft?.Findings ?? [], .. request.Unknown];
        HashSet<string> known = [.. first.Select(finding => finding.Key)];
        return [.. first, .. more.Where(finding => !known.Contains(finding.Key))];
    }

    public static ProblemView Refused(IReadOnlyList<KeyFindingView> findings) =>
        new($"The channel cannot be registered as it is: {findings[0].Key}: {findings[0].Why}{(findings.Count > 1 ? $" (and {findings.Count - 1} more)" : "")}") { Findings = findings };


    private static bool IsNamed(ChannelOptions channel, string name) => channel.Name.Equals(name, StringComparison.OrdinalIgnoreCase);

    private async Task<Problem?> MissingSchemaAsync(ChannelRequest request)
    {
        if (request.HasInlineSchema)
            return null;
        JsonElement[] paths = request.Schema.ValueKind == JsonValueKind.Array ? [.. request.Schema.EnumerateArray()] : [request.Schema];
        foreach (string path in paths.Select(ChannelRequest.TextOf))
        {
            if (!await ExistsAsync(Draft.Absolute(path, registrar)))
                return Problem.BadRequest(ProblemView.Of("Schema file not found", new KeyFindingView("Schema", path, "Schema file not found")) with { Path = path });
        }

        return null;
    }

    /// <summary>Checks whether a path exists. Not on a pool thread, since the disk may hang.</summary>
    private static async Task<bool> ExistsAsync(string path)
    {
        try
        {
            return await Task.Factory.StartNew(() => File.Exists(path) || Directory.Exists(path), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).WaitAsync(FilePatience);
        }
        catch (TimeoutException)
        {
            return false;
        }
    }
}
