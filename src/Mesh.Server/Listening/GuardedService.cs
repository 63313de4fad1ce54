using Microsoft.AspNetCore.Connections;
using ProxylessMesh.Server.Hosting;
using ProxylessMesh.Server.Peers;
using ProxylessMesh.Server.Policy;

namespace ProxylessMesh.Server.Listening;

/// <summary>Lets a connection whose kind is known through TLS, or plaintext, to what serves it; or says why not.</summary>
internal sealed class GuardedService(InboundPort port, IInboundMesh mesh, ConnectionDelegate terminateTls, ConnectionDelegate next)
{
    public Task ServeAsync(ConnectionContext connection, InboundConnection inbound, InboundPolicy policy)
    {
        connection.Features.Set(inbound);
        connection.Features.Set<IMeshPeerFeature>(inbound);
        return inbound.Kind == ConnectionKind.Tls
            ? ServeTlsAsync(connection, inbound, policy)
            : ServePlaintextAsync(connection, inbound, policy);
    }

    private async Task ServeTlsAsync(ConnectionContext connection, InboundConnection inbound, InboundPolicy policy)
    {
        if (!policy.AcceptsTls)
        {
            port.Refused(connection, policy, "it is TLS, which the policy does not accept");
            return;
        }

        // Where there are several servers, which one it is for is known with the client hello.
        inbound.Tls = policy.Tls;
        inbound.Identity = mesh.Identity?.Current;
        if (inbound is { Tls: not null, Identity: null })
        {
            port.Refused(connection, policy, "it is TLS, and this workload has no certificate");
            return;
        }

        try
        {
            await terminateTls(connection).ConfigureAwait(false);
        }
        finally
        {
            port.Leave(connection);
        }

        if (!inbound.IsSecured)
        {
            port.Refused(connection, policy, inbound.HandshakeError ?? "the TLS handshake did not complete");
        }
    }

    private async Task ServePlaintextAsync(ConnectionContext connection, InboundConnection inbound, InboundPolicy policy)
    {
        try
        {
            if (!port.TryEnterPlaintext(connection, inbound))
            {
                port.Refused(connection, port.Policy ?? policy, "it is plaintext, which the policy does not accept");
                return;
            }

            if (port.Admits(connection, inbound))
            {
                await next(connection).ConfigureAwait(false);
            }
        }
        finally
        {
            port.Leave(connection);
        }
    }
}
