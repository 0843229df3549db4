using SpeedData.Core.Configuration;
using SpeedData.Core.Diagnostics;
using SpeedData.Core.Receive;
using SpeedData.Core.Schema;
using SpeedData.Core.Sockets;
using SpeedData.Core.Threading;

namespace SpeedData.Core.Channels.Parts;

/// <summary>The socket of a channel and the thread that reads it.</summary>
/// <param name="loop">The loop that the thread runs.</param>
/// <param name="services">Opens the socket.</param>
/// <param name="counters">Counts what the kernel drops.</param>
/// <param name="retryDue">Called on a timer's thread when it is time to try again.</param>
/// <param name="ended">Called on the receive thread as its last act.</param>
internal sealed class ReceivePart(ReceiveLoop loop, PipelineServices services, ChannelCounters counters, Action<ChannelPart, object> retryDue, Action ended)
    : ChannelPart(services.Time, retryDue)
{
    private volatile IDatagramReceiver? _receiver;
    private (int Port, ReceiveOptions Receive, int? Cpu, RecordSchemas Schemas) _openedWith, _successorOpenedWith;
    private IDatagramReceiver? _successor;
    private Fault? _fault;
    private long _closingSince;

    /// <summary>Any thread: the socket; null while there is none.</summary>
    public IDatagramReceiver? Receiver => _receiver;

    /// <summary>Whether the thread runs. It may have been asked to end.</summary>
    public bool IsRunning => _receiver is not null;

    /// <summary>Whether the thread was asked to end.</summary>
    public bool IsClosing { get; private set; }

    /// <summary>Whether no thread runs while datagrams wait in the next socket.</summary>
    public bool IsBetweenSockets => !IsRunning && _successor is not null;

    /// <summary>Whether the thread was asked to end so long ago that it must hang in a system call.</summary>
    public bool IsStalled(TimeSpan after) => IsClosing && Time.GetElapsedTime(_closingSince) >= after;

    /// <summary>Opens the socket, unless a successor is open, and starts the thread. If that fails, notes why and when to try again.</summary>
    public void Open(Channel channel)
    {
        IDatagramReceiver? receiver = null;
        try
        {
            ThreadRoom.Demand(1);
            receiver = TakeSuccessor() ?? OpenFirst(channel);
            loop.Prepare(receiver);
            counters.SocketOpened(receiver.KernelDrops);
            _receiver = receiver;
            OwnedThread.Start($"{channel.Name} receive", Run, channel.Options.Threads.ReceiveCpu);
            WentUp(Where());
        }
        catch (Exception e)
        {
            if (_receiver is not null)
                Free();
            else
                receiver?.Dispose();
            DropSuccessor();
            WentDown(FaultOf(FaultRole.Setup, e is ChannelSetupException ? e.Message : $"receiving could not be started: {e.Message}", e));
        }
    }

    /// <summary>
    /// Begins to close the socket if a rule holds it, and to replace it if it no longer fits the channel's options. A new schema
    /// replaces it too, because its queue holds datagrams of the old schema.
    /// </summary>
    public void Follow(Channel channel)
    {
        if (!IsRunning || IsClosing)
            return;
        if (IsHeld)
            BeginClose();
        else if (_openedWith != Settings(channel))
            BeginReplace(channel);
    }

    /// <summary>
    /// Opens the socket that the options now demand, and asks the thread to read the queue of the old one until it is empty, and end.
    /// What arrives from now on waits in the new socket for the next thread.
    /// </summary>
    private void BeginReplace(Channel channel)
    {
        try
        {
            _successor = services.Transport.OpenReceiver(channel.Options, _receiver);
            _successorOpenedWith = Settings(channel);
        }
        catch (Exception)
        {
            // Open tries again once the old socket is closed, and reports why it fails.
        }

        BeginClose();
    }

    /// <summary>Asks the thread to accept nothing more, read the queue until it is empty, and end.</summary>
    /// <returns>Whether the thread still runs.</returns>
    public bool BeginClose()
    {
        if (!IsRunning || IsClosing)
            return IsRunning;
        IsClosing = true;
        _closingSince = Time.GetTimestamp();
        loop.Stop();
        return true;
    }

    /// <summary>Closes the socket. The thread must have ended.</summary>
    /// <returns>Whether the thread ended with a fault. The part is then tried again after a delay.</returns>
    public bool EndClose()
    {
        Free();
        Fault? fault = _fault;
        _fault = null;
        if (fault is not null || IsHeld)
            DropSuccessor();
        if (fault is not null)
            WentDown(fault);
        else
            WentOff("closed");
        return fault is not null;
    }

    /// <summary>Any thread: the interface on which the open socket has joined its group.</summary>
    public InterfaceBinding? Interface => _receiver?.Interface;

    /// <summary>
    /// Moves the membership to the interface that the options now mean, on the same socket. If that fails, notes why and when to try
    /// again.
    /// </summary>
    public void Rejoin()
    {
        try
        {
            _receiver!.Rejoin();
            WentUp(Where());
        }
        catch (ChannelSetupException e)
        {
            WentDown(FaultOf(FaultRole.Network, e.Message, e));
        }
    }

    private static (int Port, ReceiveOptions Receive, int? Cpu, RecordSchemas Schemas) Settings(Channel channel) =>
        (channel.Options.Port, channel.Options.Receive with { AllowedSources = [] }, channel.Options.Threads.ReceiveCpu, channel.Schemas);

    private IDatagramReceiver OpenFirst(Channel channel)
    {
        _openedWith = Settings(channel);
        return services.Transport.OpenReceiver(channel.Options, null);
    }

    private IDatagramReceiver? TakeSuccessor()
    {
        if (_successor is not { } successor)
            return null;
        // The network may have changed since it was opened.
        if (successor.Interface?.MembershipHasMoved(NetworkSnapshot.Now()) == true)
            successor.Rejoin();
        _openedWith = _successorOpenedWith;
        _successor = null;
        return successor;
    }

    private void DropSuccessor()
    {
        _successor?.Dispose();
        _successor = null;
    }

    private string Where()
    {
        ReceiveOptions receive = _openedWith.Receive;
        if (Interface is not { } joined)
            return $"bound to {receive.Address}:{_openedWith.Port}";
        string source = receive.Source is { } only ? $" for the source {only}" : "";
        return $"joined {receive.Address}:{_openedWith.Port}{source} on {joined.Describe()}";
    }

    private void Free()
    {
        loop.Forget();
        counters.SocketClosing();
        _receiver?.Dispose();
        _receiver = null;
        IsClosing = false;
    }

    private void Run()
    {
        ShortTurns.Begin();
        try
        {
            loop.Run();
        }
        catch (Exception e)
        {
            _fault = FaultOf(FaultRole.Receive, e.Message, e);
        }

        ended();
    }
}
