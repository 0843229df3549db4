using System.Globalization;
using System.Text.RegularExpressions;
using SpeedData.Core.Configuration;

namespace SpeedData.Core.Tags.Auto;

/// <summary>A rule with the channel that it follows and its open tag. One thread.</summary>
internal sealed class AutoRule
{
    private const string Number = "{n}";

    private readonly AutoTagOptions _rule;
    private readonly TagDesk _desk;
    private readonly RuleState _state;
    private readonly Queue<Action> _pending = new();
    private readonly long _fromNs;
    private ChannelTail? _tail;
    private string? _open;

    /// <param name="rule">The options of the rule.</param>
    /// <param name="desk">The desk that starts and stops the rule's tags.</param>
    /// <param name="fromNs">The time from which the rule is evaluated.</param>
    public AutoRule(AutoTagOptions rule, TagDesk desk, long fromNs)
    {
        (_rule, _desk, _fromNs) = (rule, desk, fromNs);
        _state = new RuleState(rule, sinceNs => _pending.Enqueue(() => Start(sinceNs)), atNs => _pending.Enqueue(() => Stop(atNs)));
        Tag? open = desk.List().Select(report => report.Tag).LastOrDefault(tag => tag.IsOpen && tag.Origin?.Rule == rule.Name);
        if (open?.Origin is not { } origin)
            return;
        _open = open.Name;
        _state.Resume(origin.AtNs, Math.Max(origin.AtNs, fromNs - 1));
    }

    public AutoTagOptions Options => _rule;

    /// <summary>The channel of the rule's signal; null if it does not exist yet.</summary>
    public string? Channel { get; private set; }

    /// <summary>The earliest time at which a tag may still start.</summary>
    public long NeedsFromNs => Math.Min(_state.NeedsFromNs ?? _fromNs - RuleState.Ns(_rule.Before), _pending.Count > 0 ? _fromNs : long.MaxValue);

    public long ResumesFromNs => _state.ResumesFromNs ?? _fromNs;

    /// <summary>Whether the rule cannot read its signal, so that no file must wait for it.</summary>
    public bool IsBlind => _tail?.Fault is not null;

    /// <summary>Why the rule does not work; null if it works.</summary>
    public string? Fault { get; private set; }

    /// <summary>Reads new records and starts or stops a tag.</summary>
    public void Look(long nowNs, CancellationToken stop)
    {
        _tail ??= Open();
        Fault = _tail is null ? $"no channel of signal '{_rule.When.Signal}' was recorded yet" : null;
        _tail?.Look(_state.See, stop);
        Fault ??= _tail?.Fault;
        _state.Wait(nowNs);
        try
        {
            while (_pending.TryPeek(out Action? action))
            {
                action();
                _pending.Dequeue();
            }
        }
        catch (TagException e)
        {
            // The next call tries again.
            Fault = e.Message;
        }
    }

    /// <summary>Opens the channel whose name the signal starts with. The longest such name wins.</summary>
    private ChannelTail? Open()
    {
        string signal = _rule.When.Signal;
        string? folder = Directory.Exists(_desk.Book.Root)
            ? Directory.EnumerateDirectories(_desk.Book.Root).Where(path => signal.StartsWith(Path.GetFileName(path) + ".", StringComparison.OrdinalIgnoreCase)).MaxBy(path => path.Length)
            : null;
        if (folder is null)
            return null;
        Channel = Path.GetFileName(folder);
        return new ChannelTail(folder, signal[(Channel.Length + 1)..], _fromNs, _state.WhyNever);
    }

    private void Start(long sinceNs)
    {
        var origin = new TagOrigin(_rule.Name, sinceNs);
        Tag[] tags = [.. _desk.List().Select(report => report.Tag)];
        // After a crash, the rule is evaluated again and its tag may exist already.
        _open = Array.Find(tags, tag => tag.Origin == origin)?.Name;
        if (_open is not null)
            return;
        string name = NextName(tags);
        _desk.Add(new Tag(name, sinceNs - RuleState.Ns(_rule.Before), null) { Origin = origin });
        _open = name;
    }

    private void Stop(long atNs)
    {
        string? name = _open;
        _open = null;
        // A user may have removed or stopped the tag.
        if (name is not null && _desk.List().Any(report => report.Tag.Name == name && report.Tag.IsOpen))
            _desk.Edit(name, tag => tag with { ToNs = Math.Max(atNs + RuleState.Ns(_rule.After), tag.FromNs + 1) });
    }

    private string NextName(Tag[] tags)
    {
        string pattern = _rule.Name.Contains(Number, StringComparison.Ordinal) ? _rule.Name : _rule.Name + "-" + Number;
        if (pattern != _rule.Name && Array.TrueForAll(tags, tag => !tag.Name.Equals(_rule.Name, StringComparison.OrdinalIgnoreCase)))
            return _rule.Name;
        var numbered = new Regex("^" + string.Join(@"(\d{1,9})", pattern.Split(Number, 2).Select(Regex.Escape)) + "$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);
        int last = tags.Select(tag => numbered.Match(tag.Name)).Where(match => match.Success).Select(match => int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture)).DefaultIfEmpty(pattern == _rule.Name ? 0 : 1).Max();
        return Enumerable.Range(last + 1, tags.Length + 1).Select(number => pattern.Replace(Number, number.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal))
            .First(name => Array.TrueForAll(tags, tag => !tag.Name.Equals(name, StringComparison.OrdinalIgnoreCase)));
    }
}
