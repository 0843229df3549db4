using SpeedData.Core.Archive;
using SpeedData.Core.Decimate;
using SpeedData.Core.Diagnostics;
using SpeedData.Core.Receive;
using SpeedData.Core.Relay;
using SpeedData.Core.Ring;
using SpeedData.Core.Schema;
using SpeedData.Core.Sockets;
using SpeedData.Core.Threading;

namespace SpeedData.Core.Channels;

/// <summary>
/// One life of a channel: sockets, ring, and the two threads that work on them. Built whole, started downstream first,
/// drained upstream first, and never started again: after a fault the supervisor builds another.
/// </summary>
internal sealed class Pipeline
{
    private readonly Channel _channel;
    private readonly PipelineServices _services;
    private readonly List<IDisposable> _owned = [];
    private readonly TaskCompletionSource _ending = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<Fault?> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly IDatagramReceiver _receiver;
    private readonly IDatagramSender? _full;
    private readonly IDatagramSender? _decimated;
    private readonly BurstRing? _ring;
    private readonly ArchiveWriter? _writer;
    private readonly ReceiveLoop _loop;
    private readonly Lock _gate = new();
    private bool _disposed;
    private volatile bool _receiverHasEnded;
    private bool _writerStarted;
    private int _threads;
    private Fault? _fault;

    /// <param name="channel">Whose life it is.</param>
    /// <param name="services">What it gets from outside.</param>
    /// <param name="folder">The channel's folder; null where the archive is disabled.</param>
    /// <exception cref="ChannelSetupException">Something is absent at the moment; nothing stays open.</exception>
    public Pipeline(Channel channel, PipelineServices services, ArchiveFolder? folder)
    {
        _channel = channel;
        _services = services;
        try
        {
            if (folder is not null)
            {
                _ring = Own(new BurstRing(channel.Options.Ring.Bytes, channel.Options.Archive.BlockBytes));
                _writer = Own(services.CreateWriter(channel, folder, _ring));
            }

            if (channel.Options.FullRate.Enabled)
                _full = Own(services.Transport.OpenSender(channel.Options, "FullRate", channel.Options.FullRate));
            if (channel.Options.Decimated.Enabled)
                _decimated = Own(services.Transport.OpenSender(channel.Options, "Decimated", channel.Options.Decimated));
            // Last: from here on datagrams queue, and the threads that take them start at once.
            _receiver = services.Transport.OpenReceiver(channel.Options);
            _loop = new ReceiveLoop(ReceiveParts());
        }
        catch
        {
            DisposeOwned();
            throw;
        }
    }

    /// <summary>Completes when the first of the threads has ended.</summary>
    public Task Ending => _ending.Task;

    /// <summary>Completes when every thread has ended and everything is given back; the fault, or null after a stop.</summary>
    public Task<Fault?> Completion => _completion.Task;

    /// <summary>What an operator should know about the ways out, to be said once.</summary>
    public StreamNotices Notices => new(_full?.Notice, _decimated?.Notice);

    public ArchiveState? Archive => _writer?.State;

    public PipelineGauges Gauges => new(_receiver.GrantedBufferBytes, _full?.GrantedBufferBytes, _decimated?.GrantedBufferBytes, _ring?.UsedBytes ?? 0, _ring?.Capacity ?? 0);

    public void Start()
    {
        _channel.Counters.SocketOpened(_receiver.KernelDrops);
        _threads = _writer is null ? 1 : 2;
        try
        {
            // The writer makes one of its own, to sync.
            ThreadRoom.Demand(_writer is null ? 1 : 3);
            if (_writer is not null)
                OwnedThread.Start($"{_channel.Name} write", RunWriter, _channel.Options.Threads.WriterCpu);
            _writerStarted = true;
            OwnedThread.Start($"{_channel.Name} receive", RunReceiver, _channel.Options.Threads.ReceiveCpu);
        }
        catch (ThreadRoomException e)
        {
            GiveBack();
            throw new ChannelSetupException(e.Message, e);
        }
    }

    /// <summary>Not every thread could be made: those that run end, and the last gives everything back.</summary>
    private void GiveBack()
    {
        CloseReceiver();
        if (_writer is not null && !_writerStarted)
            Interlocked.Decrement(ref _threads);
        Leave();
    }

    /// <summary>Any thread: accept no more, drain, end.</summary>
    public void Stop()
    {
        lock (_gate)
        {
            if (!_receiverHasEnded)
                _loop.Stop();
        }
    }

    /// <summary>Any thread: the drain ran out of time.</summary>
    public void Abandon()
    {
        lock (_gate)
        {
            // Whoever left last has freed the ring.
            if (_disposed)
                return;
            _loop.Abandon();
            _writer?.Abandon();
        }
    }

    /// <summary>
    /// Any thread, after <see cref="Abandon"/>: counts what is left in the ring as <c>fault</c>, though the writer sits in
    /// a system call and cannot.
    /// </summary>
    public void CountRest()
    {
        lock (_gate)
        {
            if (_receiverHasEnded && !_disposed)
                _writer?.CountRest();
        }
    }

    /// <summary>Any thread: ends this pipeline with a fault seen from outside; what it holds is drained.</summary>
    public void Fail(Fault fault)
    {
        Interlocked.CompareExchange(ref _fault, fault, null);
        Stop();
    }

    /// <summary>Whether an interface it uses is gone or has another index or address, or a stream another route.</summary>
    public bool InterfaceHasMoved() =>
        new[] { _receiver.Interface, _full?.Interface, _decimated?.Interface }.Any(binding => binding?.HasMoved() == true);

    private void RunReceiver()
    {
        try
        {
            _loop.Run();
        }
        catch (Exception e)
        {
            Interlocked.CompareExchange(ref _fault, new Fault(FaultRole.Receive, e.Message, _services.Time.GetUtcNow(), e), null);
        }

        CloseReceiver();
        Leave();
    }

    /// <summary>Nothing is received any more. The port is free at once, also while the writer still hangs in a system call.</summary>
    private void CloseReceiver()
    {
        lock (_gate)
        {
            _receiverHasEnded = true;
            _channel.Counters.SocketClosing();
            _receiver.Dispose();
        }

        _ring?.Complete();
    }

    private void RunWriter()
    {
        try
        {
            _writer!.Run();
        }
        catch (Exception e)
        {
            Fail(new Fault(FaultRole.Archive, e.Message, _services.Time.GetUtcNow(), e));
        }

        Leave();
    }

    /// <summary>Whoever leaves last gives everything back: until then the other still works on this memory.</summary>
    private void Leave()
    {
        _ending.TrySetResult();
        if (Interlocked.Decrement(ref _threads) > 0)
            return;
        _writer?.CountRest();
        lock (_gate)
        {
            _disposed = true;
            DisposeOwned();
        }

        _completion.SetResult(_fault);
    }

    private T Own<T>(T part)
        where T : IDisposable
    {
        _owned.Add(part);
        return part;
    }

    private void DisposeOwned()
    {
        if (!_receiverHasEnded)
            _receiver?.Dispose();
        for (int i = _owned.Count - 1; i >= 0; i--)
            _owned[i].Dispose();
    }

    private ReceiveParts ReceiveParts()
    {
        DecimatedStream? decimated = _decimated is null ? null : new DecimatedStream(_decimated);
        Decimator? decimator = decimated is null ? null : Own(Decimators.Create(_channel.Options, _channel.Schema.Layout, decimated, _services.Time));
        RecordScan scan = decimator?.Scan ?? RecordScan.Plain(_channel.Schema.Layout);
        return new ReceiveParts(
            _receiver,
            new SourceFilter(_channel.Options.Receive.AllowedSources),
            scan,
            Own(new MarkBuffer(scan)),
            _ring,
            _full,
            decimated,
            decimator,
            _channel.Counters,
            _channel.Rejects);
    }
}
