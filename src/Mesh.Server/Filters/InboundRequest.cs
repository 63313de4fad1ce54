using System.Net;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using ProxylessMesh.Server.Jwt;
using ProxylessMesh.Server.Peers;

namespace ProxylessMesh.Server.Filters;

/// <summary>A request on its way through the filters of its port: what they may look at, and what they leave for one another.</summary>
internal sealed class InboundRequest(HttpContext context, InboundConnection connection, string path)
    : InboundSubject(connection, context.Request.Method, path)
{
    private List<KeyValuePair<string, string>>? _metadata;

    public HttpContext HttpContext { get; } = context;

    /// <summary>The query string without the question mark, as it travels.</summary>
    public ReadOnlySpan<char> Query => HttpContext.Request.QueryString.Value is { Length: > 0 } query ? query.AsSpan(1) : [];

    /// <summary>The host that was asked for, with its port when it was written with one.</summary>
    public string Authority => HttpContext.Request.Host.Value ?? "";

    /// <inheritdoc/>
    public override string ServerName => HttpContext.Features.Get<ITlsHandshakeFeature>()?.HostName ?? "";

    /// <inheritdoc/>
    public override IPAddress? SourceAddress => HttpContext.Connection.RemoteIpAddress;

    /// <inheritdoc/>
    public override IPAddress? DestinationAddress => HttpContext.Connection.LocalIpAddress;

    /// <inheritdoc/>
    public override int DestinationPort => HttpContext.Connection.LocalPort;

    /// <summary>Fires when the client is gone.</summary>
    public CancellationToken CancellationToken => HttpContext.RequestAborted;

    /// <summary>Who the verified token of the request speaks for; null: it has none. Set by the JWT filter.</summary>
    public VerifiedToken? Jwt { get; set; }

    /// <summary>What RBAC filters have left under the key (Envoy's dynamic metadata of envoy.filters.http.rbac), or null.</summary>
    public string? FindMetadata(string key)
    {
        if (_metadata is not null)
        {
            foreach (var (name, value) in _metadata)
            {
                if (name == key)
                {
                    return value;
                }
            }
        }

        return null;
    }

    public void SetMetadata(string key, string value) => (_metadata ??= []).Add(KeyValuePair.Create(key, value));
}
