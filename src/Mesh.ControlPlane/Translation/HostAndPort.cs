using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace ProxylessMesh.ControlPlane.Translation;

/// <summary>An authority with its port, as listeners are named: <c>reviews:9080</c>, <c>0.0.0.0:9080</c>, <c>[::]:9080</c>.</summary>
internal sealed record HostAndPort(string Host, int Port)
{
    public static bool TryParse(string text, [NotNullWhen(true)] out HostAndPort? result)
    {
        result = null;
        var colon = text.LastIndexOf(':');
        if (colon <= 0
            || !int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            || port is < 1 or > 65535)
        {
            return false;
        }

        var host = text[..colon];
        var bracketed = host.StartsWith('[') && host.EndsWith(']');
        if (bracketed != host.Contains(':', StringComparison.Ordinal) || host.Length > (bracketed ? 64 : 254))
        {
            return false;
        }

        result = new HostAndPort(bracketed ? host[1..^1] : host, port);
        return result.Host.Length > 0;
    }
}
