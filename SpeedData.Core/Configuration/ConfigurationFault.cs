namespace SpeedData.Core.Configuration;

/// <summary>One fault of the configuration. The process does not start.</summary>
/// <param name="Channel">The channel's name, or its place (<c>[3]</c>) if it has no name; null if the fault concerns all channels.</param>
/// <param name="Key">The full key, such as <c>SpeedData:Channels:0:Port</c>, or the file.</param>
/// <param name="Value">The text found; null if there was none.</param>
/// <param name="Message">What is wrong, and how to fix it.</param>
public sealed record ConfigurationFault(string? Channel, string Key, string? Value, string Message)
{
    /// <summary>Returns one line, whatever the value contains.</summary>
    public override string ToString() => FindingText.Line(Channel, Key, Value, Message);
}

/// <summary>
/// An accepted setting that is probably not intended. It is logged once at start. The fields are those of
/// <see cref="ConfigurationFault"/>.
/// </summary>
public sealed record ConfigurationWarning(string? Channel, string Key, string? Value, string Message)
{
    /// <summary>Returns one line, whatever the value contains.</summary>
    public override string ToString() => FindingText.Line(Channel, Key, Value, Message);
}
