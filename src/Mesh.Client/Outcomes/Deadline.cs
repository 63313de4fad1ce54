namespace ProxylessMesh.Client.Outcomes;

/// <summary>
/// The route's timeout joined with the caller's token: whichever comes first cancels. Made only for routes that have a
/// timeout.
/// </summary>
internal sealed class Deadline : IDisposable
{
    private readonly CancellationTokenSource _timer;
    private readonly CancellationTokenRegistration _caller;
    private readonly CancellationToken _callerToken;
    private readonly TimeProvider _time;
    private readonly long _start;

    public Deadline(TimeSpan timeout, TimeProvider time, CancellationToken caller)
    {
        _timer = new CancellationTokenSource(timeout, time);
        _callerToken = caller;
        _time = time;
        _start = time.GetTimestamp();
        Timeout = timeout;
        _caller = caller.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), _timer);
        Token = _timer.Token;
    }

    public CancellationToken Token { get; }

    /// <summary>Of the whole call.</summary>
    public TimeSpan Timeout { get; }

    /// <summary>The time ran out; the caller did not cancel.</summary>
    public bool Expired => Token.IsCancellationRequested && !_callerToken.IsCancellationRequested;

    /// <summary>Whether there is time left after a pause.</summary>
    public bool Allows(TimeSpan pause) => _time.GetElapsedTime(_start) + pause < Timeout;

    public void Dispose()
    {
        _caller.Dispose();
        _timer.Dispose();
    }
}
