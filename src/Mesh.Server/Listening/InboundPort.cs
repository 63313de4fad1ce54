using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;
using ProxylessMesh.Server.Filters;
using ProxylessMesh.Server.Hosting;
using ProxylessMesh.Server.Peers;
using ProxylessMesh.Server.Policy;
using ProxylessMesh.Server.Tcp;
using ProxylessMesh.Xds.Ads;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Identity;

namespace ProxylessMesh.Server.Listening;

/// <summary>One endpoint of the app and the policy in force on it.</summary>
internal sealed partial class InboundPort(ListenOptions endpoint, IInboundMesh mesh, InboundFilterCompiler filters, TcpAccessLog access, ILogger logger) : IDisposable
{
    private const string PolicyEnds = "The port's policy no longer accepts this connection.";
    private const string TrustEnds = "The peer's certificate is no longer trusted.";

    private static readonly TimeSpan RefusalInterval = TimeSpan.FromSeconds(10);

    private readonly TaskCompletionSource<InboundPolicy> _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly LogThrottle _refusals = new(mesh.Time, RefusalInterval);
    private readonly LiveConnections _connections = new(mesh.Time);
    private readonly SilentConnections _waiting = new(ConnectionSniffer.MaxSilent);
    private readonly TrustFollower _trust = new();
    private EndpointContent _content;
    private TcpGate _gate = new(EndpointContent.Unknown, access, mesh.Time);
    private volatile InboundPolicy? _policy;
    private IDisposable? _watch;
    private int _number;
    private bool _saidMissing;
    private int _saidLate;

    /// <summary>The newest; null until there is one.</summary>
    public InboundPolicy? Policy => _policy;

    /// <summary>Where the server listens; once it has bound the endpoint, with the real port. Null for a Unix socket.</summary>
    public IPEndPoint? Address => endpoint.EndPoint as IPEndPoint;

    /// <summary>Said by who sets the endpoint up, or found when the server builds it, before it listens.</summary>
    public EndpointContent Content
    {
        get => _content;
        set => (_content, _gate) = (value, new TcpGate(value, access, mesh.Time));
    }

    /// <summary>How long a client of a port that carries bytes may be silent; null: what the policy says.</summary>
    public TimeSpan? Detection { get; set; }

    /// <summary>Requests that may go on for hours.</summary>
    public OpenStreams Streams { get; } = new();

    /// <summary>Whether the mesh is not to look for HTTP in the port's connections.</summary>
    public bool IsOpaque(InboundPolicy policy) => _content == EndpointContent.Bytes || (_content == EndpointContent.Unknown && policy.IsOpaque);

    /// <summary>Starts following the policy and the trust. Idempotent.</summary>
    /// <param name="local">An address of the port, for where the first connection comes before the server says what it has bound.</param>
    public void Follow(IPEndPoint local)
    {
        if (Interlocked.CompareExchange(ref _number, local.Port, 0) == 0)
        {
            // gRFC A36, server_listener_resource_name_template of Istio's bootstrap: the address that is bound, not that of one connection.
            var bound = new IPEndPoint(Address?.Address ?? local.Address, local.Port).ToString();
            if (mesh.Identity is { } identity)
            {
                _trust.Follow(identity, OnTrustChanged);
            }

            _watch = mesh.WatchInbound(bound, listener => Use(InboundPolicy.Compile(listener, filters)), error => OnMissing(bound, error));
        }
    }

    /// <summary>
    /// Waits for the first policy, at most <see cref="Client.MeshOptions.ConfigurationTimeout"/>; null: there is none yet, or so many
    /// connections wait for it that this one has to make room.
    /// </summary>
    public async Task<InboundPolicy?> WaitForPolicyAsync(CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var place = _waiting.Enter(patience);
        try
        {
            return await _first.Task.WaitAsync(mesh.Options.ConfigurationTimeout, mesh.Time, patience.Token).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            if (Interlocked.Exchange(ref _saidLate, 1) == 0)
            {
                Log.NoPolicyYet(logger, _number, mesh.Options.ConfigurationTimeout.TotalSeconds);
            }

            return null;
        }
        catch (OperationCanceledException)
        {
            return null;
        }
        finally
        {
            _waiting.Leave(place);
        }
    }

    /// <summary>False when the policy has come to forbid it meanwhile. Pair with <see cref="Leave"/>.</summary>
    public bool TryEnterPlaintext(ConnectionContext connection, InboundConnection inbound)
    {
        _connections.Add(connection, inbound);

        // After adding, so that a change either finds the connection in the set or is seen here.
        return _policy is { AcceptsPlaintext: true };
    }

    /// <summary>Once the handshake is done. False when policy or trust has come to forbid the connection meanwhile. Pair with <see cref="Leave"/>.</summary>
    public bool TryEnterSecured(ConnectionContext connection, InboundConnection inbound, IdentityState? handshake)
    {
        _connections.Add(connection, inbound);

        // After adding, as above.
        return _policy is { } policy
            && SecuredConnection.Judge(connection, inbound, policy.TlsFor(inbound.ServerName ?? "")) != ConnectionEnd.Cut
            && (handshake is null
                || mesh.Identity?.Current is not { } now
                || ReferenceEquals(now.Bundle, handshake.Bundle)
                || SecuredConnection.Judge(inbound, now.Bundle, mesh.Time) != ConnectionEnd.Cut);
    }

    /// <summary>Whether rules for connections admit one that has entered: after adding, as above.</summary>
    public bool Admits(ConnectionContext connection, InboundConnection inbound) =>
        _policy is { } policy && _gate.Admits(policy, connection, inbound);

    public void Leave(ConnectionContext connection) => _connections.Remove(connection);

    /// <summary>Says why a connection was closed; at most one line per port and 10 s.</summary>
    public void Refused(ConnectionContext connection, InboundPolicy policy, string reason)
    {
        if (_refusals.TryPass(out var suppressed))
        {
            Log.Refused(logger, connection.RemoteEndPoint, _number, reason, policy.Mode, policy.Source, suppressed);
        }
    }

    public void Dispose()
    {
        _watch?.Dispose();
        _trust.Dispose();
    }

    private void Use(InboundPolicy policy)
    {
        if (policy == _policy)
        {
            return;
        }

        _policy = policy;
        _first.TrySetResult(policy);
        var closed = policy.AcceptsPlaintext ? 0 : _connections.End(static (_, inbound) => inbound.Kind == ConnectionKind.Tls ? ConnectionEnd.None : ConnectionEnd.Cut, PolicyEnds);
        Log.PolicyInForce(logger, _number, policy.Mode, closed);
        var secured = _connections.End((connection, inbound) => inbound.IsSecured ? SecuredConnection.Judge(connection, inbound, policy.TlsFor(inbound.ServerName ?? "")) : ConnectionEnd.None, PolicyEnds);
        if (secured > 0)
        {
            Log.SecuredClosed(logger, _number, policy.Mode, secured);
        }

        var refused = _connections.End(
            (connection, inbound) => _gate.StillAdmits(policy, connection, inbound) ? ConnectionEnd.None : ConnectionEnd.Abort, PolicyEnds);
        if (refused > 0)
        {
            Log.ConnectionsEnded(logger, _number, refused);
        }

        var streams = Streams.Judge(policy);
        if (streams > 0)
        {
            Log.StreamsEnded(logger, _number, streams);
        }
    }

    private void OnTrustChanged(TrustBundle bundle)
    {
        var closed = _connections.End((_, inbound) => SecuredConnection.Judge(inbound, bundle, mesh.Time), TrustEnds);
        if (closed > 0)
        {
            Log.TrustChanged(logger, _number, closed);
        }
    }

    private void OnMissing(string address, ResourceError error)
    {
        if (_policy is null && error.Kind == ResourceErrorKind.DoesNotExist && !mesh.Options.Workload.IsGateway)
        {
            // The control plane says so; mere silence would be no reason to open a port. Istio has no inbound listener for a
            // port that no Service selects, and its sidecars then accept both.
            Use(InboundPolicy.Permissive(address));
            Log.NoListener(logger, _number, address);
        }
        else if (!_saidMissing)
        {
            // What was in force stays: a vanished configuration must not open a STRICT port.
            _saidMissing = true;
            Log.PolicyMissing(logger, _number, _policy?.Mode ?? "none", error.Message);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(3000, LogLevel.Information, "Port {Port}: mutual TLS {Mode}; {Closed} plaintext connections told to close")]
        public static partial void PolicyInForce(ILogger logger, int port, string mode, int closed);

        [LoggerMessage(3001, LogLevel.Warning, "Port {Port}: closed a connection of {Peer}: {Reason}; policy {Mode} of {Source} ({Suppressed} more since the last line)")]
        public static partial void Refused(ILogger logger, EndPoint? peer, int port, string reason, string mode, string source, int suppressed);

        [LoggerMessage(3002, LogLevel.Warning, "Port {Port}: the control plane has no inbound listener for {Address} (does a Service select this port?); accepting mutual TLS and plaintext")]
        public static partial void NoListener(ILogger logger, int port, string address);

        [LoggerMessage(3003, LogLevel.Warning, "Port {Port}: no usable inbound configuration ({Reason}); in force: {Mode}")]
        public static partial void PolicyMissing(ILogger logger, int port, string mode, string reason);

        [LoggerMessage(3004, LogLevel.Error, "Port {Port}: no inbound configuration within {Seconds} s; closing connections until it arrives")]
        public static partial void NoPolicyYet(ILogger logger, int port, double seconds);

        [LoggerMessage(3350, LogLevel.Information, "Port {Port}: mutual TLS {Mode}; {Closed} TLS connections that do not fit it told to close")]
        public static partial void SecuredClosed(ILogger logger, int port, string mode, int closed);

        [LoggerMessage(3351, LogLevel.Warning, "Port {Port}: roots or revocation lists have changed; {Closed} connections whose certificates they no longer cover told to close")]
        public static partial void TrustChanged(ILogger logger, int port, int closed);

        [LoggerMessage(3703, LogLevel.Information, "Port {Port}: ended {Count} open connections that the new rules refuse")]
        public static partial void ConnectionsEnded(ILogger logger, int port, int count);

        [LoggerMessage(3352, LogLevel.Information, "Port {Port}: ended {Count} open streams that the new policy denies")]
        public static partial void StreamsEnded(ILogger logger, int port, int count);
    }
}
