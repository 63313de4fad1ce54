using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using ProxylessMesh.Server.Filters;
using ProxylessMesh.Server.Listening;
using ProxylessMesh.Server.Peers;
using ProxylessMesh.Server.Policy;
using ProxylessMesh.Xds.Identity;

namespace ProxylessMesh.Server.Tcp;

/// <summary>Judges the connections of a port before their first byte reaches the app, where nothing would judge requests on them.</summary>
/// <param name="endpoint">What comes out of the port's connections.</param>
/// <param name="log">For what comes of it.</param>
/// <param name="time">Of the mesh.</param>
internal sealed class TcpGate(EndpointContent endpoint, TcpAccessLog log, TimeProvider time)
{
    private const string NotHttp = "The port has rules for requests, and what serves it does not speak HTTP.";

    /// <summary>Of a new connection.</summary>
    public bool Admits(InboundPolicy policy, ConnectionContext connection, InboundConnection inbound)
    {
        if (policy.RulesOf(inbound) is { } rules)
        {
            return rules.Admits(new TcpSubject(connection, inbound), log);
        }

        if (endpoint == EndpointContent.Unknown)
        {
            Prove(policy, connection, inbound);
            return true;
        }

        return AdmitsUnjudged(policy, connection, inbound);
    }

    /// <summary>Of a connection that an earlier policy has admitted.</summary>
    public bool StillAdmits(InboundPolicy policy, ConnectionContext connection, InboundConnection inbound) => policy.RulesOf(inbound) is { } rules
        ? rules.StillAdmits(new TcpSubject(connection, inbound), log)
        : AdmitsUnjudged(policy, connection, inbound);

    /// <summary>Rules about requests would never be asked where none come: such a port is closed rather than open.</summary>
    private bool AdmitsUnjudged(InboundPolicy policy, ConnectionContext connection, InboundConnection inbound)
    {
        if (endpoint == EndpointContent.Requests || inbound.Requests is { IsGiven: true } || !HasFilters(policy, inbound))
        {
            return true;
        }

        log.NotHttp(new TcpSubject(connection, inbound));
        return false;
    }

    /// <summary>Lets it through to an HTTP server, and to nobody else where requests have to pass filters.</summary>
    private void Prove(InboundPolicy policy, ConnectionContext connection, InboundConnection inbound)
    {
        var proof = inbound.Requests = RequestProof.Expect(connection, time);
        proof.MayBeHttp2 = inbound.Kind == ConnectionKind.Http2
            || (connection.Features.Get<ITlsApplicationProtocolFeature>() is { } negotiated && MeshAlpn.IsHttp2(negotiated.ApplicationProtocol.Span) == true);
        if (!HasFilters(policy, inbound))
        {
            return;
        }

        var isRefused = false;
        connection.Transport = new ProvenTransport(connection.Transport, proof, () =>
        {
            if (!isRefused)
            {
                isRefused = true;
                log.NotHttp(new TcpSubject(connection, inbound));
                connection.Abort(new ConnectionAbortedException(NotHttp));
            }
        });
    }

    private static bool HasFilters(InboundPolicy policy, InboundConnection inbound) => InboundFiltering.ChainOf(policy, inbound) is { HasFilters: true };
}
