namespace SpeedData.Core.Reading;

/// <summary>A requested recording cannot be read or exported. The message is for the user.</summary>
public sealed class ReadingException : Exception
{
    /// <summary>Whether the error concerns the output.</summary>
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
