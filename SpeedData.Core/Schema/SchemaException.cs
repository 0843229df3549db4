namespace SpeedData.Core.Schema;

/// <summary>A schema file that cannot be used. The message is one line: what is wrong, where, and the correct form.</summary>
public sealed class SchemaException : Exception
{
    public SchemaException()
    {
    }

    public SchemaException(string message)
        : base(message)
    {
    }

    public SchemaException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
