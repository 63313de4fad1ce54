using Microsoft.AspNetCore.Connections;

namespace ProxylessMesh.Server.Listening;

/// <summary>A port of this machine's own, outside the mesh, that takes HTTP/1.1 and, with prior knowledge, HTTP/2.</summary>
internal sealed class PlainHttp(ConnectionSniffer sniffer, ConnectionDelegate next)
{
    public async Task OnConnectionAsync(ConnectionContext connection)
    {
        var kind = await sniffer.SniffAsync(connection).ConfigureAwait(false);
        if (kind == ConnectionKind.Http2)
        {
            PriorKnowledgeHttp2.SetOn(connection.Features);
        }

        if (kind != ConnectionKind.Unknown)
        {
            await next(connection).ConfigureAwait(false);
        }
    }
}
