namespace SpeedData.Core.Diagnostics;

/// <summary>The part of a channel that a fault came from.</summary>
public enum FaultRole
{
    /// <summary>Building the pipeline: sockets, interfaces, memory.</summary>
    Setup,
    Receive,

    /// <summary>An interface or a route changed. Sockets are reopened at once.</summary>
    Network,
    Archive,
    Supervision,
}

/// <summary>A fault as a value. The stage that detects it makes it once; others report it.</summary>
/// <param name="Role">The part that it came from.</param>
/// <param name="Message">One line for a person: what is wrong, and how to fix it.</param>
/// <param name="At">When it was detected.</param>
/// <param name="Exception">The exception, if there was one; for debug logs only.</param>
public sealed record Fault(FaultRole Role, string Message, DateTimeOffset At, Exception? Exception = null);
