using System.Text;
using ProxylessMesh.Server.Hosting;
using ProxylessMesh.Server.Peers;

namespace ProxylessMesh.Sidecar.Inbound;

/// <summary>
/// Tells the app whom the handshake has proved, in the header that Istio's sidecars use (Envoy, x-forwarded-client-cert:
/// <c>By=spiffe://..;Hash=..;Subject="..";URI=spiffe://..</c>). A feature of connections, so that it is written once for each.
/// </summary>
internal sealed class ClientCertificateHeader(InboundConnection? connection, IInboundMesh mesh)
{
    public const string Name = "x-forwarded-client-cert";

    private string? _value;

    /// <summary>What a caller says of itself never counts: the header is removed, and set only from proof.</summary>
    public void Apply(IHeaderDictionary headers)
    {
        headers.Remove(Name);
        if (connection?.Peer is not null)
        {
            headers[Name] = _value ??= Describe(connection);
        }
    }

    private string Describe(InboundConnection peer)
    {
        var text = new StringBuilder();
        if (mesh.Identity?.Current is { } own)
        {
            text.Append("By=").Append(own.Certificate.Id).Append(';');
        }

        if (peer.Handshake.Certificates is { } certificates)
        {
            var (hash, subject) = certificates.Describe();
            text.Append("Hash=").Append(hash).Append(";Subject=\"");
            foreach (var c in subject)
            {
                // An authority of one's own may write anything into a subject, and the value must stay one element of one line.
                text.Append(c is '"' or '\\' ? "\\" : "").Append(c is >= ' ' and <= '~' ? c : '?');
            }

            text.Append("\";");
        }

        return text.Append("URI=").Append(peer.Peer!.Name).ToString();
    }
}
