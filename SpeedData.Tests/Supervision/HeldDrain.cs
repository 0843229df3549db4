using SpeedData.Tests.Support;

namespace SpeedData.Tests.Supervision;

/// <summary>The real sockets. The first thread that reads the queue of a socket that is to be closed waits until it is released.</summary>
internal sealed class HeldDrain : IDisposable
{
    private readonly ManualResetEventSlim _held = new(), _released = new();

    public HeldDrain() => Transport = new FaultyTransport { OnDrain = _ => Hold() };

    public FaultyTransport Transport { get; }

    public void UntilHeld() => Assert.That(_held.Wait(10_000), Is.True, "the queue of the old socket is about to be read");

    public void Release() => _released.Set();

    public void Dispose()
    {
        Release();
        _held.Dispose();
        _released.Dispose();
    }

    private void Hold()
    {
        _held.Set();
        _released.Wait();
    }
}
