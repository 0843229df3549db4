namespace SpeedData.Core.Diagnostics;

/// <summary>The part of a channel that a fault came from.</summary>
public enum FaultRole
{
    /// <summary>Building the pipeline: sockets, interfaces, memory.</summary>
    Setup,
    Receive,

    /// <summary>An interface or a route changed: sockets are opened again at once.</summary>
    Network,
    Archive,
    Supervision,
}

/// <summary>A fault as a value: its stage makes it once, and others report it.</summary>
/// <param name="Role">Where it came from.</param>
/// <param name="Message">One line for a person: what is wrong and what would mend it.</param>
/// <param name="At">When it was seen.</param>
/// <param name="Exception">What was thrown, if anything was; for debug logs only.</param>
public sealed record Fault(FaultRole Role, string Message, DateTimeOffset At, Exception? Exception = null);
