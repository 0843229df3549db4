using System.CommandLine;
using SpeedData.Server.Reading;

namespace SpeedData.Server.Tags;

/// <summary>Defines the command tag: arguments and help.</summary>
internal sealed class TagCommands
{
    private const string Description = """
        Keeps what matters: a tag is a named time range, with labels, marks and a note, whose archives retention does not delete. Works
        with and without a running server.

          SpeedData.Server tag start climb-3 --before 30s --label pilot=ann
          SpeedData.Server tag mark "flaps out"
          SpeedData.Server tag stop
          SpeedData.Server export --tag climb-3 --channel engine --output climb-3.h5

        Exit codes: 0 done, 64 command line wrong, 66 no such tag or root, 73 the disk does not allow it, 77 refused.
        """;

    private readonly Argument<string> _name = new("NAME") { Description = "The tag." };
    private readonly Argument<string?> _someName = new("NAME") { Description = "The tag; by default the only open one.", Arity = ArgumentArity.ZeroOrOne };
    private readonly Argument<string> _text = new("TEXT") { Description = "The text of the mark." };
    private readonly Option<string?> _path = new("--path") { Description = "An archive root; by default the configured one.", HelpName = "PATH" };
    private readonly Option<string[]> _config = ReadingCommands.Config;
    private readonly Option<bool> _json = ReadingCommands.Json;
    private readonly Option<string[]> _channel = new("--channel") { Description = "Channels, separated by commas; by default all.", HelpName = "A,B" };
    private readonly Option<string[]> _label = new("--label") { Description = "A label; may be repeated.", HelpName = "K=V" };
    private readonly Option<string?> _note = new("--note") { Description = "A note on the tag.", HelpName = "TEXT" };
    private readonly Option<string?> _before = new("--before") { Description = "How much earlier than now the tag starts.", HelpName = "T" };
    private readonly Option<string?> _at = new("--at") { Description = "The moment; by default now.", HelpName = "T" };
    private readonly Option<string?> _tag = new("--tag") { Description = "The tag to mark; by default every open one.", HelpName = "NAME" };
    private readonly Option<bool> _deleteData = new("--delete-data") { Description = "Also delete files if the tag has their last copy." };
    private readonly RangeOptions _range = new();

    private TagCommands()
    {
    }

    public static Command Create(Func<TagArguments, CancellationToken, int> run)
    {
        Command[] commands =
        [
            new TagCommands().Start(run),
            new TagCommands().Stop(run),
            new TagCommands().Mark(run),
            new TagCommands().Add(run),
            new TagCommands().Edit(run),
            new TagCommands().List(run),
            new TagCommands().Remove(run),
        ];
        var command = new Command("tag", Description);
        foreach (Command inner in commands)
            command.Add(inner);
        return command;
    }

    private Command Start(Func<TagArguments, CancellationToken, int> run) => Made(
        new Command("start", "Starts a tag, which stays open until you stop it.") { _name, _before, _channel, _label, _note }, run,
        parsed => Of(TagAction.Start, parsed) with { Name = parsed.GetValue(_name), Before = parsed.GetValue(_before), Channels = Channels(parsed), Labels = Labels(parsed), Note = parsed.GetValue(_note) });

    private Command Stop(Func<TagArguments, CancellationToken, int> run) => Made(
        new Command("stop", "Stops an open tag.") { _someName, _at }, run,
        parsed => Of(TagAction.Stop, parsed) with { Name = parsed.GetValue(_someName), At = parsed.GetValue(_at) });

    private Command Mark(Func<TagArguments, CancellationToken, int> run) => Made(
        new Command("mark", "Adds a mark, a moment with a text, to the open tags.") { _text, _at, _tag }, run,
        parsed => Of(TagAction.Mark, parsed) with { Text = parsed.GetValue(_text), At = parsed.GetValue(_at), Name = parsed.GetValue(_tag) });

    private Command Add(Func<TagArguments, CancellationToken, int> run)
    {
        var command = new Command("add", "Tags an earlier range.") { _name, _channel, _label, _note };
        _range.AddTo(command);
        return Made(command, run, parsed => Of(TagAction.Add, parsed) with { Name = parsed.GetValue(_name), Range = _range.Of(parsed), Channels = Channels(parsed), Labels = Labels(parsed), Note = parsed.GetValue(_note) });
    }

    private Command Edit(Func<TagArguments, CancellationToken, int> run)
    {
        var command = new Command("edit", "Changes a tag: options that you give replace its values. --label K= removes a label, --to open opens it again.") { _name, _channel, _label, _note };
        _range.AddMomentsTo(command);
        return Made(command, run, parsed => Of(TagAction.Edit, parsed) with { Name = parsed.GetValue(_name), Range = _range.Of(parsed), Channels = Channels(parsed), Labels = Labels(parsed), Note = parsed.GetValue(_note) });
    }

    private Command List(Func<TagArguments, CancellationToken, int> run) => Made(
        new Command("ls", "Lists the tags.") { _label }, run,
        parsed => Of(TagAction.List, parsed) with { Labels = Labels(parsed) });

    private Command Remove(Func<TagArguments, CancellationToken, int> run) => Made(
        new Command("rm", "Removes a tag. Refuses if the tag has the last copy of a recording, unless --delete-data is given.") { _name, _deleteData }, run,
        parsed => Of(TagAction.Remove, parsed) with { Name = parsed.GetValue(_name), DeleteData = parsed.GetValue(_deleteData) });

    private Command Made(Command command, Func<TagArguments, CancellationToken, int> run, Func<ParseResult, TagArguments> of)
    {
        foreach (Option option in (Option[])[_path, _config, _json])
            command.Add(option);
        command.SetAction((parsed, stop) => Task.FromResult(run(of(parsed), stop)));
        return command;
    }

    private TagArguments Of(TagAction action, ParseResult parsed) => new(action, new PlaceArguments(parsed.GetValue(_path), parsed.GetValue(_config) ?? []), parsed.GetValue(_json));

    private string[] Channels(ParseResult parsed) => ReadingCommands.Split(parsed.GetValue(_channel));

    private string[] Labels(ParseResult parsed) => parsed.GetValue(_label) ?? [];
}
