using System.Text.RegularExpressions;
using SpeedData.Core.Configuration.Values;
using SpeedData.Core.Reading;

namespace SpeedData.Core.Tags;

/// <summary>Defines valid names, labels, notes and marks, which become file names, lines and attributes of files.</summary>
public static partial class TagRules
{
    private const int MostLabels = 100, MostMarks = 10_000, MostChannels = 1000, LongestText = 4000;

    /// <exception cref="TagException">The name is not valid.</exception>
    public static void DemandName(string name)
    {
        if (!TagName.IsValid(name))
            throw Wrong($"'{name}' is not a valid tag name: 1 to 100 letters, digits, '.', '-' and '_' (at most {TagName.MostBytes} bytes), beginning with a letter or digit, not ending with '.', and not the name of a device such as CON");
    }

    /// <exception cref="TagException">A part of the tag is not valid.</exception>
    public static void Demand(Tag tag)
    {
        ArgumentNullException.ThrowIfNull(tag);
        DemandName(tag.Name);
        if (tag.ToNs <= tag.FromNs)
            throw Wrong($"tag '{tag.Name}' would end before it begins: give a later end or an earlier start");
        if (tag.Marks.Select(mark => mark.AtNs).Prepend(tag.FromNs).Append(tag.ToNs ?? 0).Any(ns => ns is < MomentText.LeastNs or > MomentText.LastNs))
            throw Wrong($"tag '{tag.Name}': its times and marks must be in the years 1678 to 2261");
        if (tag.Labels.Count > MostLabels || tag.Marks.Count > MostMarks || tag.Channels.Count > MostChannels)
            throw Wrong($"tag '{tag.Name}': at most {MostLabels} labels, {MostMarks:N0} marks and {MostChannels:N0} channels; without channels it keeps all");
        foreach ((string key, string value) in tag.Labels)
        {
            if (!Key().IsMatch(key))
                throw Wrong($"label '{key}': a label's name is 1 to 100 letters, digits, '.', '-' and '_', beginning with a letter or '_'");
            DemandText($"label {key}", value);
        }

        DemandText("the note", tag.Note ?? "");
        foreach (TagMark mark in tag.Marks)
            DemandText("a mark", mark.Text);
        if (tag.Marks.Any(mark => mark.Text.Length == 0))
            throw Wrong("a mark needs a text");
        foreach (string channel in tag.Channels.Where(channel => channel.Length == 0 || channel.Split('/').Any(part => part.Length == 0 || part[0] == '.' || part.Any(letter => letter == '\\' || char.IsControl(letter)))))
            throw Wrong($"'{channel}' is not a valid channel name");
    }

    /// <summary>Reads <c>K=V</c>.</summary>
    /// <exception cref="TagException">The text is not a label.</exception>
    public static (string Key, string Value) Label(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        int equals = text.IndexOf('=', StringComparison.Ordinal);
        return equals > 0 ? (text[..equals].Trim(), text[(equals + 1)..].Trim()) : throw Wrong($"label '{text}': write it as KEY=VALUE");
    }

    private static void DemandText(string what, string text)
    {
        if (text.Length > LongestText)
            throw Wrong($"{what} is longer than {LongestText:N0} characters");
        if (text.Any(letter => char.IsControl(letter) && letter is not ('\n' or '\t')))
            throw Wrong($"{what} has a control character");
    }

    private static TagException Wrong(string message) => new(TagFault.Wrong, message);

    [GeneratedRegex(@"^[\p{L}_][\p{L}\p{Nd}._-]{0,99}\z")]
    private static partial Regex Key();
}
