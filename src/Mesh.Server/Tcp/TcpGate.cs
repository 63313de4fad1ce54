using Microsoft.AspNetCore.Connections;
using ProxylessMesh.Server.Filters;
using ProxylessMesh.Server.Peers;
using ProxylessMesh.Server.Policy;

namespace ProxylessMesh.Server.Tcp;

/// <summary>Judges the connections of a port before their first byte reaches the app, where nothing would judge requests on them.</summary>
/// <param name="servesHttp">Whether requests come out of the port's connections, which pass filters of their own.</param>
/// <param name="log">For what comes of it.</param>
internal sealed class TcpGate(bool servesHttp, TcpAccessLog log)
{
    /// <summary>Of a new connection.</summary>
    public bool Admits(InboundPolicy policy, ConnectionContext connection, InboundConnection inbound)
    {
        if (policy.RulesOf(inbound) is not { } rules)
        {
            return AdmitsUnjudged(policy, connection, inbound);
        }

        return rules.Admits(new TcpSubject(connection, inbound), log);
    }

    /// <summary>Of a connection that an earlier policy has admitted.</summary>
    public bool StillAdmits(InboundPolicy policy, ConnectionContext connection, InboundConnection inbound) => policy.RulesOf(inbound) is { } rules
        ? rules.StillAdmits(new TcpSubject(connection, inbound), log)
        : AdmitsUnjudged(policy, connection, inbound);

    /// <summary>Rules about requests would never be asked where none come: such a port is closed rather than open.</summary>
    private bool AdmitsUnjudged(InboundPolicy policy, ConnectionContext connection, InboundConnection inbound)
    {
        if (servesHttp || InboundFiltering.ChainOf(policy, inbound) is not { HasFilters: true })
        {
            return true;
        }

        log.NotHttp(new TcpSubject(connection, inbound));
        return false;
    }
}
