using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.ControlPlane.Resources;

/// <summary>One entry of spec.http.</summary>
/// <param name="Name">For logs; may be empty.</param>
/// <param name="Matches">Any of them; empty = all requests.</param>
/// <param name="Destinations">Weighted; at least one.</param>
/// <param name="Timeout">Null or zero: none.</param>
/// <param name="Retries">Null: the mesh default.</param>
/// <param name="Position">Of the entry.</param>
internal sealed record HttpRoute(
    string Name,
    EquatableArray<HttpMatch> Matches,
    EquatableArray<HttpDestination> Destinations,
    TimeSpan? Timeout,
    HttpRetry? Retries,
    SourcePosition Position)
{
    /// <summary>Null: none.</summary>
    public HttpFault? Fault { get; init; }
}
