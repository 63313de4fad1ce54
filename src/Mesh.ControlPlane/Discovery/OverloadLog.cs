namespace ProxylessMesh.ControlPlane.Discovery;

/// <summary>Says now and then that streams are sent away; a storm is no time for a line each.</summary>
internal sealed class OverloadLog(TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private long? _lastAt;
    private int _suppressed;

    public void Write(string reason)
    {
        int suppressed;
        lock (_lock)
        {
            if (_lastAt is { } last && time.GetElapsedTime(last) < s_pause)
            {
                _suppressed++;
                return;
            }

            _lastAt = time.GetTimestamp();
            suppressed = _suppressed;
            _suppressed = 0;
        }

        AdsLog.Overloaded(logger, reason, suppressed);
    }
}
