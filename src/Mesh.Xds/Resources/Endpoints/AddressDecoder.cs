using System.Buffers;
using System.Net;
using System.Net.Sockets;
using Envoy.Config.Core.V3;
using SocketAddress = Envoy.Config.Core.V3.SocketAddress;

namespace ProxylessMesh.Xds.Resources.Endpoints;

/// <summary>SocketAddress: TCP, a port number, and an IP address in its canonical form (or, where allowed, a DNS name).</summary>
internal static class AddressDecoder
{
    private const int MaxNameLength = 253;

    private static readonly SearchValues<char> DigitsAndDots = SearchValues.Create("0123456789.");

    public static (string Host, int Port)? Decode(Address? address, bool allowName, DecodeContext context)
    {
        if (address?.SocketAddress is not { } socket)
        {
            context.Error("address", "socket_address is missing; no other kind is supported");
            return null;
        }

        using (context.Enter("address"))
        using (context.Enter("socket_address"))
        {
            context.Refuse(socket.Protocol != SocketAddress.Types.Protocol.Tcp, "protocol");
            context.Refuse(socket.ResolverName.Length > 0, "resolver_name");
            context.Refuse(socket.NetworkNamespaceFilepath.Length > 0, "network_namespace_filepath");
            if (socket.PortSpecifierCase == SocketAddress.PortSpecifierOneofCase.NamedPort)
            {
                context.Refuse(true, "named_port");
                return null;
            }

            var port = socket.PortValue;
            if (port is < 1 or > IPEndPoint.MaxPort)
            {
                context.Error("port_value", "must be 1 to 65535");
                return null;
            }

            var host = Ip(socket.Address) ?? (allowName && IsName(socket.Address) ? socket.Address.ToLowerInvariant() : null);
            if (host is null)
            {
                context.Error("address", $"{DecodeContext.Quote(socket.Address)} is no IP address{(allowName ? " or DNS name" : "")}");
                return null;
            }

            return (host, (int)port);
        }
    }

    /// <summary>One form per address, so that equal addresses are equal strings. Refuses the parser's "1" and "0x7f.1".</summary>
    private static string? Ip(string text)
    {
        if (!IPAddress.TryParse(text, out var address))
        {
            return null;
        }

        var canonical = address.ToString();
        return address.AddressFamily == AddressFamily.InterNetworkV6 || canonical == text ? canonical : null;
    }

    private static bool IsName(string text)
    {
        // Only digits and dots: a mistyped IP address rather than a name.
        if (text.Length is 0 or > MaxNameLength || text[0] == '.' || !text.AsSpan().ContainsAnyExcept(DigitsAndDots))
        {
            return false;
        }

        foreach (var c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '.' or '_'))
            {
                return false;
            }
        }

        return true;
    }
}
