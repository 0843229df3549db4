namespace SpeedData.Core.Configuration;

/// <summary>One thing that is wrong with the configuration; the process does not start.</summary>
/// <param name="Channel">The channel's name, its place (<c>[3]</c>) where it has none, or null if it concerns all.</param>
/// <param name="Key">The full key, such as <c>SpeedData:Channels:0:Port</c>, or the file.</param>
/// <param name="Value">The text found; null if there was none.</param>
/// <param name="Message">What is wrong and what would be right.</param>
public sealed record ConfigurationFault(string? Channel, string Key, string? Value, string Message)
{
    /// <summary>One line, whatever the value holds.</summary>
    public override string ToString() => FindingText.Line(Channel, Key, Value, Message);
}

/// <summary>One thing that is accepted and probably not meant; logged once at start. The fields are those of <see cref="ConfigurationFault"/>.</summary>
public sealed record ConfigurationWarning(string? Channel, string Key, string? Value, string Message)
{
    /// <summary>One line, whatever the value holds.</summary>
    public override string ToString() => FindingText.Line(Channel, Key, Value, Message);
}
