using System.Net;

namespace ProxylessMesh.Xds.ExternalAuthorization;

/// <summary>What a service that authorizes is told of a request.</summary>
internal sealed record AuthorizationInquiry(string Method, string PathAndQuery, string Host, string Scheme, string Protocol)
{
    /// <summary>Names in lower case, each once.</summary>
    public required IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; }

    public DateTimeOffset Time { get; init; }

    public string RequestId { get; init; } = "";

    /// <summary>Bytes of the body; -1: unknown.</summary>
    public long Size { get; init; } = -1;

    public IPEndPoint? Source { get; init; }

    public IPEndPoint? Destination { get; init; }

    /// <summary>The caller's SPIFFE id; empty: none.</summary>
    public string SourcePrincipal { get; init; } = "";

    /// <summary>Our own SPIFFE id; empty: none.</summary>
    public string DestinationPrincipal { get; init; } = "";

    /// <summary>Null: it is not shown.</summary>
    public ReadOnlyMemory<byte>? Body { get; init; }

    /// <summary>What the route says to the service.</summary>
    public IEnumerable<KeyValuePair<string, string>> ContextExtensions { get; init; } = [];

    /// <summary>Of the TLS handshake; null: it is not shown.</summary>
    public string? ServerName { get; init; }
}
