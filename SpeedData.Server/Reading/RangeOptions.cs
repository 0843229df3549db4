using System.CommandLine;

namespace SpeedData.Server.Reading;

/// <summary>The options that select a range of recordings.</summary>
internal sealed class RangeOptions
{
    private readonly Option<string?> _from = new("--from") { Description = "Start of the range.", HelpName = "T" };
    private readonly Option<string?> _to = new("--to") { Description = "End of the range, exclusive.", HelpName = "T" };
    private readonly Option<string?> _run = new("--run") { Description = "The range of a run: its id from ls, or 'last'.", HelpName = "ID|last" };
    private readonly Option<string?> _tag = new("--tag") { Description = "The range of a tag: its name from tag ls.", HelpName = "NAME" };
    private readonly Option<string[]> _pause = ReadingCommands.Pause;
    private readonly Option<string?> _clock = new("--clock") { Description = "received (the default) or device.", HelpName = "CLOCK" };

    public void AddTo(Command command)
    {
        _clock.AcceptOnlyFromAmong("received", "device");
        AddMomentsTo(command);
        command.Add(_clock);
    }

    /// <summary>Adds all options except --clock.</summary>
    public void AddMomentsTo(Command command)
    {
        foreach (Option option in (Option[])[_from, _to, _run, _tag, _pause])
            command.Add(option);
    }

    public RangeArguments Of(ParseResult parsed) => new(parsed.GetValue(_from), parsed.GetValue(_to), parsed.GetValue(_run), parsed.GetValue(_clock), ReadingCommands.Split(parsed.GetValue(_pause)), parsed.GetValue(_tag));
}
