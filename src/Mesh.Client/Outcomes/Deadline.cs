using ProxylessMesh.Client.Timeouts;

namespace ProxylessMesh.Client.Outcomes;

/// <summary>
/// The route's timeouts joined with the caller's token: whichever comes first cancels. Made only for calls that have one.
/// </summary>
internal sealed class Deadline : IDisposable
{
    private readonly CancellationTokenSource _source;
    private readonly CancellationTokenRegistration _caller;
    private readonly CancellationToken _callerToken;
    private readonly IdleTimer? _idle;
    private readonly TimeProvider _time;
    private readonly long _start;

    /// <param name="timeout">Of the whole call; zero: none.</param>
    /// <param name="idle">Without a byte either way until the response's headers; zero: none.</param>
    /// <param name="bodyIdle">The same for its body.</param>
    /// <param name="time">The clock.</param>
    /// <param name="caller">The caller's.</param>
    public Deadline(TimeSpan timeout, TimeSpan idle, TimeSpan bodyIdle, TimeProvider time, CancellationToken caller)
    {
        _source = timeout > TimeSpan.Zero ? new CancellationTokenSource(timeout, time) : new CancellationTokenSource();
        _callerToken = caller;
        _time = time;
        _start = time.GetTimestamp();
        Timeout = timeout;
        _caller = caller.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), _source);
        Token = _source.Token;
        _idle = bodyIdle > TimeSpan.Zero ? new IdleTimer(idle, bodyIdle, _source, time) : null;
    }

    public CancellationToken Token { get; }

    /// <summary>Of the whole call; zero: none.</summary>
    public TimeSpan Timeout { get; }

    /// <summary>The time ran out; the caller did not cancel.</summary>
    public bool Expired => Token.IsCancellationRequested && !_callerToken.IsCancellationRequested;

    /// <summary>It was the idle timeout that ran out.</summary>
    public bool IsIdle => _idle?.Expired == true;

    /// <summary>Null: no idle timeout.</summary>
    public IdleTimer? Idle => _idle;

    /// <summary>What ran out, for a sentence.</summary>
    public string Reason => IsIdle
        ? $"nothing happened for {_idle!.Limit.TotalMilliseconds} ms, the idle timeout"
        : $"the route's timeout of {Timeout.TotalMilliseconds} ms ran out";

    /// <summary>Of <see cref="Timeout"/>; null: there is none.</summary>
    public TimeSpan? Remaining => Timeout == TimeSpan.Zero ? null : Timeout - _time.GetElapsedTime(_start);

    /// <summary>Whether there is time left after a pause.</summary>
    public bool Allows(TimeSpan pause) => Remaining is not { } left || pause < left;

    public void Dispose()
    {
        _caller.Dispose();
        _idle?.Dispose();
        _source.Dispose();
    }
}
