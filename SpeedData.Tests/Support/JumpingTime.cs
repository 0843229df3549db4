using Microsoft.Extensions.Time.Testing;

namespace SpeedData.Tests.Support;

/// <summary>A clock whose wall time can be set forwards and backwards, while its timers and its monotonic time continue.</summary>
internal sealed class JumpingTime(DateTimeOffset start) : FakeTimeProvider(start)
{
    private long _offsetTicks;

    /// <summary>Offset that was added to the wall clock.</summary>
    public TimeSpan Offset
    {
        get => new(Interlocked.Read(ref _offsetTicks));
        set => Interlocked.Exchange(ref _offsetTicks, value.Ticks);
    }

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Offset;

    /// <summary>Monotonic time. The base class would take it from the wall clock.</summary>
    public override long GetTimestamp() => base.GetUtcNow().Ticks;

    public void SetWall(DateTimeOffset to) => Offset += to - GetUtcNow();
}
