namespace SpeedData.Core.Configuration.Reading;

/// <summary>A channel as read, before its values are checked against each other and against other channels.</summary>
/// <param name="Options">The channel's options. A wrong value is replaced by the default.</param>
/// <param name="Path">The channel's key, such as <c>SpeedData:Channels:0</c>; empty if it is not in a list.</param>
/// <param name="Index">The channel's number in the list. Numbers may be missing.</param>
/// <param name="Scope">The channel's name and place.</param>
internal sealed record ChannelDraft(ChannelOptions Options, string Path, int Index, Scope Scope)
{
    /// <summary>The schema, if the channel's file contains it.</summary>
    public string? InlineSchema { get; init; }

    public string Key(string below) => Path.Length == 0 ? below : $"{Path}:{below}";

    /// <summary>The enabled streams, each with the group of its keys.</summary>
    public IEnumerable<(string Group, StreamOptions Options)> Streams
    {
        get
        {
            if (Options.FullRate.Enabled)
                yield return (nameof(Options.FullRate), Options.FullRate);
            if (Options.Decimated.Enabled)
                yield return (nameof(Options.Decimated), Options.Decimated);
        }
    }
}
