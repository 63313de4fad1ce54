using ProxylessMesh.Client.Timeouts;

namespace ProxylessMesh.Client.Outcomes;

/// <summary>
/// The route's timeouts joined with the caller's token: whichever comes first cancels. Made only for calls that have one, and used
/// again where nothing can be left of the call before.
/// </summary>
internal sealed class Deadline : IDisposable
{
    private readonly CancellationTokenSource _source;
    private readonly IdleTimer? _idle;
    private readonly TimeProvider _time;
    private readonly bool _reusable;
    private CancellationTokenRegistration _caller;
    private CancellationToken _callerToken;
    private long _start;

    private Deadline(CancellationTokenSource source, IdleTimer? idle, TimeProvider time, bool reusable)
    {
        _source = source;
        _idle = idle;
        _time = time;
        _reusable = reusable;
        Token = source.Token;
    }

    public CancellationToken Token { get; }

    /// <summary>Of the whole call; zero: none.</summary>
    public TimeSpan Timeout { get; private set; }

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

    /// <param name="timeout">Of the whole call; zero: none.</param>
    /// <param name="idle">Without a byte either way until the response's headers; zero: none.</param>
    /// <param name="bodyIdle">The same for its body.</param>
    /// <param name="time">The clock.</param>
    /// <param name="caller">The caller's.</param>
    public static Deadline Start(TimeSpan timeout, TimeSpan idle, TimeSpan bodyIdle, TimeProvider time, CancellationToken caller)
    {
        // Only a source on the system's clock can tell whether its timer was ever queued (CancellationTokenSource.TryReset), and an
        // idle timer may outlive the response, in a request body that is still being sent.
        var deadline = bodyIdle > TimeSpan.Zero || time != TimeProvider.System
            ? Create(timeout, idle, bodyIdle, time)
            : Renew(timeout);
        deadline._start = time.GetTimestamp();
        deadline.Timeout = timeout;
        deadline._callerToken = caller;
        deadline._caller = caller.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), deadline._source);
        return deadline;
    }

    /// <summary>Whether there is time left after a pause.</summary>
    public bool Allows(TimeSpan pause) => Remaining is not { } left || pause < left;

    /// <summary>Exactly once: afterwards it may be another call's.</summary>
    public void Dispose()
    {
        _caller.Dispose();
        _idle?.Dispose();
        if (!_reusable || !_source.TryReset() || !DeadlinePool.TryReturn(this))
        {
            _source.Dispose();
        }
    }

    private static Deadline Create(TimeSpan timeout, TimeSpan idle, TimeSpan bodyIdle, TimeProvider time)
    {
        var source = timeout > TimeSpan.Zero ? new CancellationTokenSource(timeout, time) : new CancellationTokenSource();
        return new Deadline(source, bodyIdle > TimeSpan.Zero ? new IdleTimer(idle, bodyIdle, source, time) : null, time, reusable: false);
    }

    private static Deadline Renew(TimeSpan timeout)
    {
        var deadline = DeadlinePool.TryTake() ?? new Deadline(new CancellationTokenSource(), null, TimeProvider.System, reusable: true);
        deadline._source.CancelAfter(timeout);
        return deadline;
    }
}
