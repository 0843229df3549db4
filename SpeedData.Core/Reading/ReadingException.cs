namespace SpeedData.Core.Reading;

/// <summary>What was asked for cannot be read or written; the message is for the person who asked.</summary>
public sealed class ReadingException : Exception
{
    /// <summary>Whether the output is what could not be written.</summary>
    public bool IsOfOutput { get; init; }

    public ReadingException(string message)
        : base(message)
    {
    }

    public ReadingException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
