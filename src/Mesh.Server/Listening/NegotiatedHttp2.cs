using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using System.Net.Security;

namespace ProxylessMesh.Server.Listening;

/// <summary>Tells Kestrel, which knows only the name h2, that another one was negotiated for HTTP/2.</summary>
internal sealed class NegotiatedHttp2 : ITlsApplicationProtocolFeature
{
    private NegotiatedHttp2()
    {
    }

    public static NegotiatedHttp2 Instance { get; } = new();

    public ReadOnlyMemory<byte> ApplicationProtocol => SslApplicationProtocol.Http2.Protocol;
}
