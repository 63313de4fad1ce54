using System.Net;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using ProxylessMesh.Server.Jwt;
using ProxylessMesh.Server.Peers;

namespace ProxylessMesh.Server.Filters;

/// <summary>A request on its way through the filters of its port: what they may look at, and what they leave for one another.</summary>
internal sealed class InboundRequest
{
    private readonly InboundConnection _connection;
    private List<KeyValuePair<string, string>>? _metadata;

    public InboundRequest(HttpContext context, InboundConnection connection, string path)
    {
        HttpContext = context;
        _connection = connection;
        Path = path;
        Method = context.Request.Method;
    }

    public HttpContext HttpContext { get; }

    public string Method { get; }

    /// <summary>
    /// The path to decide about, without the query string: the app's own, escaped in one way (RFC 3986, section 2: only what
    /// must be escaped is). It begins with a slash.
    /// </summary>
    public string Path { get; }

    /// <summary>The query string without the question mark, as it travels.</summary>
    public ReadOnlySpan<char> Query => HttpContext.Request.QueryString.Value is { Length: > 0 } query ? query.AsSpan(1) : [];

    /// <summary>The host that was asked for, with its port when it was written with one.</summary>
    public string Authority => HttpContext.Request.Host.Value ?? "";

    /// <summary>What carries it; the same for all requests of a connection.</summary>
    public InboundConnection Connection => _connection;

    /// <summary>The calling workload, proved by mutual TLS; null on plaintext connections.</summary>
    public MeshPeer? Peer => _connection.Peer;

    /// <summary>Whether the connection is TLS.</summary>
    public bool IsSecured => _connection.IsSecured;

    /// <summary>The name that the TLS client asked for (SNI); empty when it sent none.</summary>
    public string ServerName => HttpContext.Features.Get<ITlsHandshakeFeature>()?.HostName ?? "";

    /// <summary>The other end of the connection; null for a transport without addresses.</summary>
    public IPAddress? SourceAddress => HttpContext.Connection.RemoteIpAddress;

    public IPAddress? DestinationAddress => HttpContext.Connection.LocalIpAddress;

    public int DestinationPort => HttpContext.Connection.LocalPort;

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
