using Microsoft.Extensions.Time.Testing;

namespace SpeedData.Tests.Support;

/// <summary>A clock whose wall side can be set, forwards and backwards, while timers and the monotonic side run on.</summary>
internal sealed class JumpingTime(DateTimeOffset start) : FakeTimeProvider(start)
{
    private long _offsetTicks;

    /// <summary>What somebody has set the wall clock off by.</summary>
    public TimeSpan Offset
    {
        get => new(Interlocked.Read(ref _offsetTicks));
        set => Interlocked.Exchange(ref _offsetTicks, value.Ticks);
    }

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Offset;

    /// <summary>The base class takes it from the wall clock.</summary>
    public override long GetTimestamp() => base.GetUtcNow().Ticks;

    public void SetWall(DateTimeOffset to) => Offset += to - GetUtcNow();
}
