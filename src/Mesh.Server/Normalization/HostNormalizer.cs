using System.Globalization;
using Microsoft.AspNetCore.Http;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Server.Normalization;

/// <summary>Takes from a request's host what names nothing: the dot of an absolute name, and ports.</summary>
internal static class HostNormalizer
{
    public static void Apply(HttpRequest request, HostPortStripping ports, bool stripDot)
    {
        if (ports == HostPortStripping.Never && !stripDot)
        {
            return;
        }

        var host = request.Host.Value ?? "";
        var (name, port) = Split(host);
        if (stripDot && name.EndsWith('.'))
        {
            name = name[..^1];
        }

        if (ports == HostPortStripping.Always || (ports == HostPortStripping.Matching && IsPort(port, request.HttpContext.Connection.LocalPort)))
        {
            port = [];
        }

        if (name.Length + port.Length != host.Length)
        {
            request.Host = new HostString(string.Concat(name, port));
        }
    }

    /// <summary>The port keeps its colon.</summary>
    private static Parts Split(string host)
    {
        // A colon inside brackets belongs to an IPv6 address (RFC 3986, section 3.2.2).
        var colon = host.LastIndexOf(':');
        return colon > host.LastIndexOf(']') ? new Parts(host.AsSpan(0, colon), host.AsSpan(colon)) : new Parts(host, []);
    }

    private static bool IsPort(ReadOnlySpan<char> port, int number) =>
        port.Length > 1 && int.TryParse(port[1..], NumberStyles.None, CultureInfo.InvariantCulture, out var given) && given == number;

    private readonly ref struct Parts(ReadOnlySpan<char> name, ReadOnlySpan<char> port)
    {
        private readonly ReadOnlySpan<char> _name = name;
        private readonly ReadOnlySpan<char> _port = port;

        public void Deconstruct(out ReadOnlySpan<char> name, out ReadOnlySpan<char> port)
        {
            name = _name;
            port = _port;
        }
    }
}
