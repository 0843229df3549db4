using System.CommandLine;
using System.Globalization;
using SpeedData.Server.Reading;

namespace SpeedData.Server.Replaying;

/// <summary>Which of a channel's streams are sent.</summary>
internal enum ReplayStreams
{
    Full,
    Decimated,
    Both,
}

/// <summary>The arguments of replay.</summary>
/// <param name="Place">Where the recordings are.</param>
/// <param name="Channels">The channels to send.</param>
/// <param name="Range">The range to send.</param>
/// <param name="Speed">Recorded seconds per second; null for max.</param>
/// <param name="Loop">Whether to start again at the end.</param>
/// <param name="StartPaused">Whether to wait for a key before the first datagram.</param>
/// <param name="Streams">The streams to send.</param>
/// <param name="SendTo">Target addresses, each for all channels or for a named one.</param>
/// <param name="Force">Whether to send even to addresses of a running recorder.</param>
/// <param name="Json">Whether to print the statistics as JSON.</param>
internal sealed record ReplayArguments(
    PlaceArguments Place,
    IReadOnlyList<string> Channels,
    RangeArguments Range,
    double? Speed,
    bool Loop,
    bool StartPaused,
    ReplayStreams Streams,
    IReadOnlyList<string> SendTo,
    bool Force,
    bool Json);

/// <summary>Defines the command replay: arguments and help.</summary>
internal static class ReplayCommand
{
    private const string Description = """
        Sends recorded datagrams again, byte for byte, in the order and at the spacing of their receipt.

        Without --send-to each channel goes to the addresses of its streams in the configuration. An address that a running recorder
        receives from or sends to is refused without --force. On a terminal space pauses, and the arrows left and right seek by 10 s.

          SpeedData.Server replay data --channel engine --run last --send-to 127.0.0.1:7000
          SpeedData.Server replay data --channel engine,brake --from -10min --speed max --send-to engine=127.0.0.1:7000 --send-to brake=127.0.0.1:7001

        Exit codes: 0 sent, 64 command line wrong or address refused, 66 nothing to read, 69 cannot send there, 130 interrupted.
        """;

    public static Command Create(Func<ReplayArguments, CancellationToken, int> run)
    {
        Argument<string?> path = ReadingCommands.Path;
        Option<string[]> config = ReadingCommands.Config, channel = ReadingCommands.Channels;
        Option<bool> json = ReadingCommands.Json;
        var range = new RangeOptions();
        var speed = new Option<string>("--speed") { Description = "Recorded seconds per second, or max for as fast as possible.", HelpName = "1|0.1|10|max", DefaultValueFactory = _ => "1" };
        speed.Validators.Add(given =>
        {
            if (!IsSpeed(given.GetValueOrDefault<string>(), out _))
                given.AddError($"'--speed' {given.GetValueOrDefault<string>()}: use a number from 0.001 to 1000000, or max");
        });
        var loop = new Option<bool>("--loop") { Description = "Begin again at the end." };
        var startPaused = new Option<bool>("--start-paused") { Description = "Wait for the space key before the first datagram." };
        var stream = new Option<string>("--stream") { Description = "full (the default), decimated as the channel is configured, or both.", HelpName = "full|decimated|both", DefaultValueFactory = _ => "full" };
        stream.AcceptOnlyFromAmong("full", "decimated", "both");
        var sendTo = new Option<string[]>("--send-to") { Description = "Where to, for all channels or for one; can be given more than once. With --stream both the decimated stream goes to the next port.", HelpName = "[CHANNEL=]HOST:PORT", AllowMultipleArgumentsPerToken = false };
        var force = new Option<bool>("--force") { Description = "Send to an address of a running recorder, too." };
        var command = new Command("replay", Description) { path, config, channel, speed, loop, startPaused, stream, sendTo, force, json };
        range.AddTo(command);
        command.SetAction((parsed, stop) => Task.FromResult(run(new ReplayArguments(
            new PlaceArguments(parsed.GetValue(path), parsed.GetValue(config) ?? []),
            ReadingCommands.Split(parsed.GetValue(channel)),
            range.Of(parsed),
            IsSpeed(parsed.GetValue(speed), out double? factor) ? factor : null,
            parsed.GetValue(loop),
            parsed.GetValue(startPaused),
            Enum.Parse<ReplayStreams>(parsed.GetValue(stream)!, ignoreCase: true),
            parsed.GetValue(sendTo) ?? [],
            parsed.GetValue(force),
            parsed.GetValue(json)), stop)));
        return command;
    }

    private static bool IsSpeed(string? text, out double? speed)
    {
        speed = null;
        if (text == "max")
            return true;
        bool isRight = double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double factor) && factor is >= 0.001 and <= 1_000_000;
        speed = factor;
        return isRight;
    }
}
