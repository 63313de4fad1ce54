using System.Net.Security;

namespace ProxylessMesh.Xds.Identity;

/// <summary>
/// The protocol names of mesh connections. Istio's sidecars offer names of their own before those of HTTP, and a PERMISSIVE
/// sidecar takes a connection for mutual TLS of the mesh only by them (Istio, network filter istio.alpn and the matches of its
/// inbound filter chains). Who knows none of them finds the ordinary name at the end.
/// </summary>
internal static class MeshAlpn
{
    private static readonly SslApplicationProtocol IstioHttp2 = new("istio-h2");
    private static readonly SslApplicationProtocol IstioHttp11 = new("istio-http/1.1");
    private static readonly SslApplicationProtocol IstioHttp10 = new("istio-http/1.0");

    // Whatever the bytes say it is. Not istio-peer-exchange: it makes both sides send a preamble.
    private static readonly SslApplicationProtocol Istio = new("istio");

    /// <summary>What a client that will speak HTTP/2 offers.</summary>
    public static IReadOnlyList<SslApplicationProtocol> Http2Client { get; } = [IstioHttp2, Istio, SslApplicationProtocol.Http2];

    /// <summary>What a client that will speak HTTP/1.1 offers.</summary>
    public static IReadOnlyList<SslApplicationProtocol> Http11Client { get; } = [IstioHttp11, Istio, SslApplicationProtocol.Http11];

    /// <summary>What a server takes; the ordinary names first, because they say what follows.</summary>
    public static IReadOnlyList<SslApplicationProtocol> ForServer(bool http1, bool http2) => (http1, http2) switch
    {
        (true, true) => [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11, IstioHttp2, IstioHttp11, IstioHttp10, Istio],
        (false, true) => [SslApplicationProtocol.Http2, IstioHttp2, Istio],
        _ => [SslApplicationProtocol.Http11, IstioHttp11, IstioHttp10, Istio],
    };

    /// <summary>Whether the negotiated name means HTTP/2; null: it leaves that to the first bytes, or none was negotiated.</summary>
    public static bool? IsHttp2(ReadOnlySpan<byte> negotiated) =>
        negotiated.IsEmpty || negotiated.SequenceEqual(Istio.Protocol.Span)
            ? null
            : negotiated.SequenceEqual(SslApplicationProtocol.Http2.Protocol.Span) || negotiated.SequenceEqual(IstioHttp2.Protocol.Span);
}
