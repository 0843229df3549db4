using SpeedData.Core.Configuration;
using SpeedData.Core.Configuration.Registered;
using SpeedData.Server.CommandLine;
using SpeedData.Server.Hosting;

namespace SpeedData.Server.Registration;

/// <summary>The result of a reload or of its dry run.</summary>
internal sealed record ReloadOutcome(
    ChangePlan? Plan, IReadOnlyList<ConfigurationFault> Faults, IReadOnlyList<string> Warnings, IReadOnlyList<RestartKey> Restart)
{
    public bool IsValid => Faults.Count == 0;
}

/// <summary>Reads the configuration and all files of registered channels again, and applies everything or nothing. Any thread.</summary>
internal sealed class Reload(ServerPlan plan, Registrar registrar, IChannelHost host, ILogger<Reload> log)
{
    /// <param name="isDryRun">Whether to report the changes without applying them.</param>
    /// <param name="stop">Ends the wait for another change.</param>
    /// <exception cref="RegistrationUnavailableException">The files cannot be used now.</exception>
    public Task<ReloadOutcome> RunAsync(bool isDryRun, CancellationToken stop) => isDryRun
        ? registrar.PreviewAsync(() => Task.FromResult(Read(out _)), stop)
        : registrar.AloneAsync(ApplyAsync, stop);

    private async Task<ReloadOutcome> ApplyAsync()
    {
        ReloadOutcome outcome = Read(out Lineup? lineup);
        if (outcome.Plan is { } changes)
        {
            await registrar.ApplyAsync(lineup!, changes).ConfigureAwait(false);
            Report(changes, outcome);
        }

        return outcome;
    }

    /// <summary>Reloads on a signal and logs the result.</summary>
    public async Task OnSignalAsync()
    {
        try
        {
            ReloadOutcome outcome = await RunAsync(isDryRun: false, CancellationToken.None).ConfigureAwait(false);
            foreach (ConfigurationFault fault in outcome.Faults)
                log.LogError("Reload: {Fault}", fault);
            if (!outcome.IsValid)
                log.LogError("Reload: {Count} faults; nothing was changed", outcome.Faults.Count);
        }
        catch (Exception e)
        {
            log.LogError("Reload: {Error}; nothing was changed", e.Message);
        }
    }

    private ReloadOutcome Read(out Lineup? lineup)
    {
        lineup = null;
        if (plan.Reread is null)
            return new ReloadOutcome(null, [new ConfigurationFault(null, "configuration", null, "this server was started without a file")], [], []);
        WholeConfiguration read = plan.Reread();
        SpeedDataOptions running = registrar.Now.Options;
        IReadOnlyList<RegisteredFile> files = ReadFiles();
        SpeedDataOptions options = read.Options ?? running;
        RegisteredFile[] used = [.. files.Where(file => options.Channels.All(channel => !channel.Name.Equals(file.Name, StringComparison.OrdinalIgnoreCase)))];
        RegisteredResult registered = RegisteredChannels.Read(read.Sources, options.Channels, used, WholeConfiguration.Probes);
        List<string> warnings = [.. read.Warnings.Concat(registered.Warnings).Select(warning => warning.ToString()), .. files.Except(used).Select(file => $"{file.Path} is not used: the channel {file.Name} is in the configuration file, which wins; delete one of them")];
        ConfigurationFault[] faults = [.. read.Faults, .. registered.Faults, .. TooMany(used)];
        if (faults.Length > 0)
            return new ReloadOutcome(null, faults, warnings, []);
        Dictionary<string, RegisteredChannel> byName = Lineup.Empty<RegisteredChannel>();
        foreach (RegisteredChannel channel in registered.Channels)
            byName[channel.Name] = channel;
        lineup = new Lineup(read.Sources, options, byName, Lineup.Empty<BrokenChannel>());
        return new ReloadOutcome(ChangePlan.Between(host.Channels, lineup), [], warnings, RestartKeys.Between(plan, running, read));
    }

    private IReadOnlyList<RegisteredFile> ReadFiles()
    {
        try
        {
            return registrar.Folder.ReadAll();
        }
        catch (IOException e)
        {
            throw new RegistrationUnavailableException(e.Message);
        }
    }

    private IEnumerable<ConfigurationFault> TooMany(RegisteredFile[] files) => files.Length > Registrar.MostChannels
        ? [new ConfigurationFault(null, registrar.Folder.Path, $"{files.Length}", $"at most {Registrar.MostChannels} channels can be registered")]
        : [];

    private void Report(ChangePlan changes, ReloadOutcome outcome)
    {
        log.LogInformation("Reload: {Added} added, {Changed} changed, {Removed} removed, {Unchanged} unchanged", changes.Added.Count, changes.Changed.Count, changes.Removed.Count, changes.Unchanged.Count);
        foreach (string warning in outcome.Warnings)
            log.LogWarning("Reload: {Warning}", warning);
        foreach (RestartKey key in outcome.Restart)
            log.LogWarning("Reload: {Key} changes from {From} to {To} at the next restart", key.Key, key.From, key.To);
    }
}
