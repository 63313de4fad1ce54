using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using ProxylessMesh.Client.Clusters;
using ProxylessMesh.Client.TlsOrigination;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Identity;

namespace ProxylessMesh.Client.Connections;

/// <summary>
/// Makes the connections to endpoints: one SocketsHttpHandler per endpoint whose ConnectCallback dials it and performs the TLS
/// handshake, so that a request keeps its logical URI and an <c>http://</c> call is upgraded to mutual TLS unseen.
/// </summary>
internal sealed class EndpointConnector : IDisposable
{
    private static readonly IReadOnlyList<SslApplicationProtocol> Http2Only = [SslApplicationProtocol.Http2];
    private static readonly IReadOnlyList<SslApplicationProtocol> Http11Only = [SslApplicationProtocol.Http11];

    private readonly IIdentitySource? _identity;
    private readonly TimeProvider _time;
    private readonly OriginatedTls _origination;
    private readonly TrustFollower _trust = new();

    public EndpointConnector(IIdentitySource? identity, TimeProvider time, ILogger? logger = null)
    {
        _identity = identity;
        _time = time;
        _origination = new OriginatedTls(new CertificateFiles(), time);
        Live = new LiveUpstreams(time, logger ?? NullLogger.Instance);
        if (identity is not null)
        {
            _trust.Follow(identity, Live.Judge);
        }
    }

    public LiveUpstreams Live { get; }

    public OpenConnections Open { get; } = new();

    public HttpMessageHandler CreateHandler(ClusterState cluster, EndpointKey endpoint) => endpoint.Pool.MaxRequestsPerConnection is { } limit
        ? new CountedConnections(limit, () => Connections(cluster, endpoint))
        : Connections(cluster, endpoint);

    public void Dispose() => _trust.Dispose();

    private SocketsHttpHandler Connections(ClusterState cluster, EndpointKey endpoint) => ConnectionSettings.Apply(endpoint.Pool, new SocketsHttpHandler
    {
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        EnableMultipleHttp2Connections = !endpoint.OneHttp2Connection,
        ActivityHeadersPropagator = null,
        ConnectTimeout = Timeout.InfiniteTimeSpan,
        ConnectCallback = (context, token) => ConnectAsync(context, cluster, endpoint, token),
    });

    private async ValueTask<Stream> ConnectAsync(
        SocketsHttpConnectionContext context, ClusterState cluster, EndpointKey endpoint, CancellationToken cancellationToken)
    {
        var config = cluster.Model.Config;
        var timeout = config?.ConnectTimeout ?? TimeSpan.FromSeconds(5);
        using var timer = new CancellationTokenSource(timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellationToken);
        Socket? socket = null;
        try
        {
            socket = await DialAsync(DialTarget.Addresses(endpoint, cluster, context.DnsEndPoint), endpoint, either.Token).ConfigureAwait(false);
            var plain = new UpstreamStream(socket, Open);
            var http2 = WireVersion.IsHttp2(context.InitialRequestMessage);
            var peer = endpoint.Tls is null ? null : new HandshakePeer { KeepsCertificates = true };
            var trust = _identity?.Current?.Bundle;
            var secure = endpoint.Tls is { } tls
                ? await SecureAsync(plain, tls, DialTarget.Host(endpoint, context.DnsEndPoint), http2, peer!, either.Token).ConfigureAwait(false)
                : null;
            Enter(new UpstreamConnection(cluster, endpoint, plain, secure, peer), trust, config);
            var stream = (Stream?)secure ?? plain;
            return http2 && endpoint.Pool.MaxConcurrentStreams is { } limit ? new LimitedStreams(stream, limit, timeout, _time) : stream;
        }
        catch (OperationCanceledException) when (timer.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            socket?.Dispose();
            throw new SocketException((int)SocketError.TimedOut, $"no connection within {timeout.TotalMilliseconds} ms");
        }
        catch
        {
            socket?.Dispose();
            throw;
        }
    }

    private async Task<Socket> DialAsync(IReadOnlyList<EndPoint> addresses, EndpointKey endpoint, CancellationToken cancellationToken)
    {
        switch (addresses)
        {
            case []:
                throw new SocketException((int)SocketError.HostNotFound, $"no address of {endpoint.Address} is known");
            case [var only]:
                var socket = Create();
                try
                {
                    await socket.ConnectAsync(only, cancellationToken).ConfigureAwait(false);
                    return socket;
                }
                catch
                {
                    socket.Dispose();
                    throw;
                }

            default:
                return await HappyEyeballs.ConnectAsync([.. addresses.Cast<IPEndPoint>()], Create, _time, cancellationToken).ConfigureAwait(false);
        }

        Socket Create()
        {
            var created = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            ConnectionSettings.Apply(endpoint.Pool.TcpKeepalive, created);
            return created;
        }
    }

    /// <summary>Judges once more after adding, so that a change of trust or settings either finds the connection in the set or is seen here.</summary>
    private void Enter(UpstreamConnection connection, TrustBundle? trust, ClusterConfig? config)
    {
        Live.Add(connection);
        var reason =
            _identity?.Current?.Bundle is { } now && !ReferenceEquals(now, trust) && connection.Judge(now, _time) == PeerStanding.Untrusted
                ? "the server's certificate has lost the mesh's trust during the handshake"
            : !ReferenceEquals(connection.Cluster.Model.Config, config)
                && connection.Cluster.TlsOf([connection.Address]).TryGetValue(connection.Address, out var tls)
                && !connection.IsAllowedBy(tls)
                ? "the TLS settings of the endpoint have changed during the handshake"
            : null;
        if (reason is not null)
        {
            connection.Socket.Dispose();
            throw new AuthenticationException(reason);
        }
    }

    /// <summary>A configuration that asks for TLS never falls back to plaintext: without a certificate there is no connection.</summary>
    private async Task<SslStream> SecureAsync(
        UpstreamStream plain, UpstreamTlsConfig tls, string host, bool http2, HandshakePeer peer, CancellationToken cancellationToken)
    {
        var secure = new SslStream(plain);
        try
        {
            var options = tls.Origination is null
                ? MeshOptions(tls, http2 ? MeshAlpn.Http2Client : MeshAlpn.Http11Client, peer)
                : _origination.Options(tls, host, http2 ? Http2Only : Http11Only, peer);
            await secure.AuthenticateAsClientAsync(options, cancellationToken).ConfigureAwait(false);
            return secure;
        }
        catch (AuthenticationException) when (peer.Error is { } reason)
        {
            // Without the one that was caught: it knows only that our callback said no, and whoever reads the innermost
            // exception would read that instead of the reason.
            await secure.DisposeAsync().ConfigureAwait(false);
            throw new AuthenticationException(reason);
        }
        catch
        {
            await secure.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private SslClientAuthenticationOptions MeshOptions(UpstreamTlsConfig tls, IReadOnlyList<SslApplicationProtocol> alpn, HandshakePeer peer)
    {
        var current = _identity?.Current
            ?? throw new AuthenticationException("the endpoint asks for mutual TLS and this workload has no certificate yet");
        return MeshTls.ForClient(current, tls, alpn, _time, peer);
    }
}
