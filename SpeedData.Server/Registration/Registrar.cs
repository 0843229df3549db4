using SpeedData.Core.Channels;
using SpeedData.Core.Configuration;
using SpeedData.Core.Configuration.Registered;
using SpeedData.Core.Registration;
using SpeedData.Core.Threading;
using SpeedData.Server.Hosting;

namespace SpeedData.Server.Registration;

/// <summary>
/// Holds the configuration and changes it while the server runs: one change at a time, written to disk before it takes effect.
/// Any thread may read at any time.
/// </summary>
internal sealed class Registrar : IDisposable
{
    public const int MostChannels = 10_000;

    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(1), StartPatience = TimeSpan.FromSeconds(2), LongestStop = TimeSpan.FromMilliseconds(100);

    private readonly IChannelHost _host;
    private readonly ChannelsFolder _folder;
    private readonly TimeProvider _time;
    private readonly ILogger<Registrar> _log;
    private readonly SemaphoreSlim _one = new(1), _previews = new(1);
    private readonly ManualResetEventSlim _firstLook = new();
    private readonly PeriodicThread _looks;
    private volatile Lineup _lineup;
    private volatile string? _lack = "the registered channels are being read";

    public Registrar(ServerPlan plan, IChannelHost host, TimeProvider time, ILogger<Registrar> log)
    {
        (_host, _time, _log) = (host, time, log);
        _lineup = Lineup.Of(plan.Sources ?? Empty(plan.Options), plan.Options);
        _folder = new ChannelsFolder(plan.Options);
        _looks = new PeriodicThread("registered", BetweenLooks, Load, log);
    }

    public Lineup Now => _lineup;

    public ChannelsFolder Folder => _folder;

    /// <summary>Why the registered channels are not loaded yet; null once they are.</summary>
    public string? Lack => _lack;

    /// <summary>Returns <c>fixed</c> or <c>registered</c>.</summary>
    public string KindOf(Channel channel) => channel is BrokenChannel || _lineup.Registered.ContainsKey(channel.Name) ? "registered" : "fixed";

    /// <summary>Loads the registered channels. Waits only shortly for their disk, then loads them when the disk answers.</summary>
    public void Start()
    {
        _looks.Start();
        _looks.Hasten();
        _firstLook.Wait(StartPatience);
    }

    public void Dispose()
    {
        _looks.TryEnd(LongestStop);
        _one.Dispose();
        _previews.Dispose();
        _firstLook.Dispose();
    }

    /// <summary>Runs a change while no other change runs.</summary>
    /// <exception cref="RegistrationUnavailableException">The files cannot be used now.</exception>
    public async Task<T> AloneAsync<T>(Func<Task<T>> change, CancellationToken stop)
    {
        await _one.WaitAsync(stop).ConfigureAwait(false);
        try
        {
            // A disk that hangs must not hold a thread of the pool.
            string? lack = _lack ?? await Task.Factory.StartNew(_folder.Lack, stop, TaskCreationOptions.LongRunning, TaskScheduler.Default).WaitAsync(StartPatience, stop).ConfigureAwait(false);
            return lack is null ? await change().ConfigureAwait(false) : throw new RegistrationUnavailableException(lack);
        }
        catch (TimeoutException)
        {
            throw new RegistrationUnavailableException($"the file system of {_folder.Path} does not answer");
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>Runs a preview of a change while no change runs. A change waits for one preview at most, however many there are.</summary>
    /// <exception cref="RegistrationUnavailableException">The files cannot be used now.</exception>
    public async Task<T> PreviewAsync<T>(Func<Task<T>> look, CancellationToken stop)
    {
        await _previews.WaitAsync(stop).ConfigureAwait(false);
        try
        {
            return await AloneAsync(look, stop).ConfigureAwait(false);
        }
        finally
        {
            _previews.Release();
        }
    }

    /// <summary>Checks one channel against all others. Call it within <see cref="AloneAsync"/> if the channel will be registered.</summary>
    public RegisteredResult Check(RegisteredFile file) => RegisteredChannels.Read(
        _lineup.Sources, [.. _lineup.Channels.Where(other => !other.Name.Equals(file.Name, StringComparison.OrdinalIgnoreCase))], [file], WholeConfiguration.Probes);

    /// <summary>Registers a channel, or changes it. Call it within <see cref="AloneAsync"/>.</summary>
    /// <exception cref="RegistrationUnavailableException">The file could not be written; nothing has changed.</exception>
    public async Task PutAsync(RegisteredChannel channel)
    {
        Written(() => _folder.Write(channel));
        bool isNew = _lineup.Find(channel.Name) is null;
        _lineup = _lineup.With(channel);
        ShowBroken();
        if (isNew)
            _host.Add(channel.Options);
        else
            await _host.ChangeAsync(channel.Options).ConfigureAwait(false);
        _log.LogInformation("Channel {Channel} was {Done}: {File}", channel.Name, isNew ? "registered" : "changed", channel.File.Path);
    }

    /// <summary>Removes a registered channel; its recordings remain. Call it within <see cref="AloneAsync"/>.</summary>
    /// <exception cref="RegistrationUnavailableException">Its file could not be deleted; nothing has changed.</exception>
    public async Task RemoveAsync(RegisteredFile file, bool hasInlineSchema)
    {
        Written(() => _folder.Delete(file, hasInlineSchema));
        _lineup = _lineup.Without(file.Name);
        ShowBroken();
        await _host.RemoveAsync(file.Name).ConfigureAwait(false);
        _log.LogInformation("Channel {Channel} was removed; its recordings remain", file.Name);
    }

    /// <summary>Changes to another lineup. Call it within <see cref="AloneAsync"/>.</summary>
    public async Task ApplyAsync(Lineup lineup, ChangePlan plan)
    {
        foreach (RegisteredChannel channel in lineup.Registered.Values)
            Written(() => _folder.WriteSchema(channel));
        // Options that need a restart keep their running values.
        _lineup = lineup with { Options = _lineup.Options with { Channels = lineup.Options.Channels } };
        ShowBroken();
        await Task.WhenAll(plan.Removed.Select(_host.RemoveAsync)).ConfigureAwait(false);
        foreach ((ChannelOptions options, _) in plan.Changed)
            await _host.ChangeAsync(options).ConfigureAwait(false);
        foreach (ChannelOptions options in plan.Added)
            _host.Add(options);
    }

    private static ConfigurationSources Empty(SpeedDataOptions options) =>
        new(new ConfigurationBuilder().Build(), Path.GetDirectoryName(options.AvroPath) ?? options.AvroPath, [], []);

    private static void Written(Action write)
    {
        try
        {
            write();
        }
        catch (IOException e)
        {
            throw new RegistrationUnavailableException(e.Message);
        }
    }

    private void ShowBroken() => _host.Show([.. _lineup.Broken.Values]);

    private void Load()
    {
        if (_lack is null)
            return;
        try
        {
            if (_folder.Lack() is { } lack)
                _lack = lack;
            else
                Load(ReadAtStart());
        }
        catch (IOException e)
        {
            _lack = e.Message;
        }

        if (!_firstLook.IsSet)
            _firstLook.Set();
    }

    private IReadOnlyList<RegisteredFile> ReadAtStart()
    {
        _folder.DeleteLeftovers();
        return _folder.ReadAll();
    }

    private void Load(IReadOnlyList<RegisteredFile> files)
    {
        _one.Wait();
        try
        {
            Lineup loaded = LoadedFiles.Add(_lineup, files, _time, _log);
            foreach (RegisteredChannel channel in loaded.Registered.Values)
                _folder.WriteSchema(channel);
            _lineup = loaded;
            ShowBroken();
            foreach (RegisteredChannel channel in loaded.Registered.Values)
                _host.Add(channel.Options);
            if (files.Count > 0)
                _log.LogInformation("Registered channels: {Count:N0} in {Path}", loaded.Registered.Count, _folder.Path);
            _lack = null;
            _looks.TryEnd(TimeSpan.Zero);
        }
        finally
        {
            _one.Release();
        }
    }
}

/// <summary>Registered channels cannot be changed at present. A later attempt may succeed.</summary>
internal sealed class RegistrationUnavailableException(string message) : Exception(message);
