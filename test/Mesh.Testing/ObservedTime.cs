using System.Threading.Channels;

namespace ProxylessMesh.Testing;

/// <summary>A fake clock that says which timers are armed, so that a test moves it only when the code under test is waiting.</summary>
public sealed class ObservedTime(FakeTime clock) : TimeProvider
{
    private readonly Channel<TimeSpan> _armed = Channel.CreateUnbounded<TimeSpan>();

    /// <inheritdoc/>
    public override long TimestampFrequency => clock.TimestampFrequency;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => clock.GetUtcNow();

    /// <inheritdoc/>
    public override long GetTimestamp() => clock.GetTimestamp();

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = clock.CreateTimer(callback, state, dueTime, period);
        if (dueTime != Timeout.InfiniteTimeSpan)
        {
            _armed.Writer.TryWrite(dueTime);
        }

        return timer;
    }

    /// <summary>Moves the clock.</summary>
    public void Advance(TimeSpan by) => clock.Advance(by);

    /// <summary>The due time of the next timer, in order of arming; waits for it up to 30 s of real time.</summary>
    public async Task<TimeSpan> NextTimerAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        return await _armed.Reader.ReadAsync(limit.Token);
    }
}
