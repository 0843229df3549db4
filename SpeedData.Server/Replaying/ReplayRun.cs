using System.Net;
using System.Text.Json;
using SpeedData.Core.Configuration;
using SpeedData.Core.Reading;
using SpeedData.Core.Reading.Catalogue;
using SpeedData.Core.Receive;
using SpeedData.Core.Relay;
using SpeedData.Core.Replay;
using SpeedData.Core.Sockets;
using SpeedData.Server.CommandLine;
using SpeedData.Server.Inspect;
using SpeedData.Server.Reading;

namespace SpeedData.Server.Replaying;

/// <summary>Runs the command replay.</summary>
internal sealed class ReplayRun(ReplayArguments arguments, ApplicationEnvironment environment, CancellationToken stop) : IDisposable
{
    private readonly QueueWatch _queues = new();
    private readonly Dictionary<StreamOptions, IDatagramSender> _senders = [];
    private readonly List<RecordOutput> _outputs = [];

    /// <returns>The exit code.</returns>
    public static int Run(ReplayArguments arguments, ApplicationEnvironment environment, CancellationToken stop) => ReadingFaults.Told(environment, () =>
    {
        using var run = new ReplayRun(arguments, environment, stop);
        try
        {
            return run.Run();
        }
        catch (ChannelSetupException e)
        {
            PlainText.Write(environment.Error, [$"SpeedData.Server: {e.Message}"]);
            return ExitCode.Unavailable;
        }
    });

    public void Dispose()
    {
        _outputs.ForEach(output => output.Dispose());
        foreach (IDatagramSender sender in _senders.Values)
            sender.Dispose();
        _queues.Dispose();
    }

    private int Run()
    {
        if (arguments.StartPaused && environment.Key is null)
            throw new ReadingException("--start-paused needs a terminal, so that the space key can start the replay");
        IReadOnlyList<RecordedChannel> root = ReadPlace.Find(arguments.Place);
        IReadOnlyList<RecordedChannel> chosen = ReadPlace.Choose(root, arguments.Channels);
        var targets = new ReplayTargets(arguments);
        ReplayTarget[] goals = [.. chosen.Select(channel => targets.Of(channel.Name))];
        Refuse(goals);
        TimeRange range = RangeChoice.Of(arguments.Range, root, RunPauses.Of(arguments.Range.Pauses, arguments.Place, environment.Error), environment.Time.GetUtcNow(), environment.Time.LocalTimeZone, stop);
        ChannelSelection[] channels = ChannelSelection.Of(chosen, range);
        Tell(RangeChoice.Text(range, channels));
        PlainText.Write(environment.Error, channels.SelectMany(channel => channel.Notes));
        foreach (ReplayTarget goal in goals)
            Open(goal);
        TerminalKeys? keys = environment.Key is null ? null : new TerminalKeys(environment, arguments.StartPaused);
        using var held = new HeldFiles(channels, stop);
        ReplayResult result = held.Reading(stopped =>
        {
            ReplayResult sent = Replayer(chosen, channels, range, keys, stopped).Run();
            // After Ctrl-C the statistics are printed. A missing file is an error.
            if (!stop.IsCancellationRequested)
                stopped.ThrowIfCancellationRequested();
            return sent;
        });
        keys?.End();
        Tell(result);
        return stop.IsCancellationRequested ? ExitCode.Interrupted : ExitCode.Ok;
    }

    private Replayer Replayer(IReadOnlyList<RecordedChannel> chosen, ChannelSelection[] channels, TimeRange range, TerminalKeys? keys, CancellationToken stopped) =>
        new(from => from is { } ns ? ChannelSelection.Of(chosen, range with { FromNs = Later(ns, range.FromNs) }) : channels, _outputs, new ReplayOptions(arguments.Speed, arguments.Loop), keys, stopped);

    private static long Later(long ns, long? from) => from is { } begin && begin > ns ? begin : ns;

    private void Refuse(ReplayTarget[] goals)
    {
        if (arguments.Force)
            return;
        RunningRecorders recorders = RunningRecorders.Now();
        IReadOnlySet<IPAddress> own = new ConfigurationProbes().HostAddresses();
        foreach (StreamOptions stream in goals.SelectMany(goal => goal.Streams))
        {
            if (recorders.Objection(stream, own) is { } objection)
                throw new ReadingException($"--send-to {stream.Address}:{stream.Port}: {objection}; choose another address, or send there with --force");
        }
    }

    private void Open(ReplayTarget goal)
    {
        var output = new RecordOutput(goal.Options, SenderFor(goal.Full, "FullRate"), SenderFor(goal.Decimated, "Decimated"), environment.Time);
        _outputs.Add(output);
        foreach (StreamOptions stream in goal.Streams)
            Tell($"channel {goal.Options.Name}{(stream == goal.Full ? "" : " decimated")} to {stream.Address}:{stream.Port}");
    }

    private IDatagramSender? SenderFor(StreamOptions? stream, string key)
    {
        if (stream is null)
            return null;
        if (_senders.TryGetValue(stream.Target(), out IDatagramSender? open))
            return open;
        StreamSocket socket = StreamSocket.Open(key, stream);
        IDatagramSender sender = OperatingSystem.IsLinux() ? BatchedSender.Patient(socket, () => _queues.WhyNot, stop) : new SocketsSender(socket);
        _senders.Add(stream.Target(), sender);
        return sender;
    }

    private void Tell(ReplayResult result)
    {
        if (arguments.Json)
            environment.Output.WriteLine(JsonSerializer.Serialize(result, ReplayJson.Default.ReplayResult));
        else
            PlainText.Write(environment.Output, Lines(result));
    }

    private static IEnumerable<string> Lines(ReplayResult result)
    {
        foreach (ReplayedChannel channel in result.Channels)
            yield return $"{channel.Channel}: {channel.Records:N0} records, {channel.Bytes:N0} bytes; {channel.Sent:N0} datagrams sent{(channel.Decimated > 0 ? $", {channel.Decimated:N0} decimated" : "")}{(channel.Errors > 0 ? $", {channel.Errors:N0} not taken" : "")}";
        long records = result.Channels.Sum(channel => channel.Records);
        yield return $"{records:N0} records in {result.Seconds:0.###} s, {records / Math.Max(1e-9, result.Seconds):N0}/s{(result.LateP99Ms is { } late ? $"; late by {result.LateP50Ms:0.###} ms (median), {late:0.###} ms (99 %), {result.LateMaxMs:0.###} ms at most" : "")}";
        if (result.Damaged > 0)
            yield return $"{result.Damaged:N0} damaged {(result.Damaged == 1 ? "block was" : "blocks were")} left out; verify says where";
    }

    private void Tell(string line) => PlainText.Write(environment.Error, [line]);
}
