namespace SpeedData.Core.Configuration.Reading;

/// <summary>A channel as read, before its values are checked against each other and against other channels.</summary>
/// <param name="Options">Its options; where a value was wrong, the default stands in.</param>
/// <param name="Path">Its key, such as <c>SpeedData:Channels:0</c>; empty if it is in no list.</param>
/// <param name="Index">Its number in the list; numbers may be missing.</param>
/// <param name="Scope">Its name and place.</param>
internal sealed record ChannelDraft(ChannelOptions Options, string Path, int Index, Scope Scope)
{
    /// <summary>The schema, where the channel's file holds it.</summary>
    public string? InlineSchema { get; init; }

    public string Key(string below) => Path.Length == 0 ? below : $"{Path}:{below}";

    /// <summary>The streams that are sent, with the group their keys are in.</summary>
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
