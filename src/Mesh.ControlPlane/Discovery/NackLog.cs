namespace ProxylessMesh.ControlPlane.Discovery;

/// <summary>Logs what a client refuses: a client that repeats itself, or invents ever new reasons, does not fill the log.</summary>
internal sealed class NackLog(string node, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);
    private const int FreeLines = 16;

    private readonly Dictionary<string, string> _last = [];
    private int _lines;
    private long _lastAt;

    public void Write(string typeUrl, string error)
    {
        var reason = LogText.Of(error);
        if ((_last.TryGetValue(typeUrl, out var last) && last == reason)
            || (_lines >= FreeLines && time.GetElapsedTime(_lastAt) < s_pause))
        {
            return;
        }

        _last[typeUrl] = reason;
        _lines++;
        _lastAt = time.GetTimestamp();
        AdsLog.Nack(logger, node, typeUrl, reason);
    }
}
