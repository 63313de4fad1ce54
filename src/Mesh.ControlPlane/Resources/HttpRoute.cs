using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.ControlPlane.Resources;

/// <summary>One entry of spec.http.</summary>
/// <param name="Name">For logs; may be empty.</param>
/// <param name="Matches">Any of them; empty = all requests.</param>
/// <param name="Destinations">Weighted; empty where the route redirects or answers.</param>
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
    /// <summary>Whose routes stand in this one's place.</summary>
    public DelegateReference? Delegate { get; init; }

    /// <summary>The namespace that short host names belong to; null: the VirtualService's.</summary>
    public string? Owner { get; init; }

    public HttpRedirect? Redirect { get; init; }

    public HttpDirectResponse? DirectResponse { get; init; }

    public HttpRewrite? Rewrite { get; init; }

    public HttpHeaders? Headers { get; init; }

    public EquatableArray<HttpMirror> Mirrors { get; init; }

    /// <summary>Null: none.</summary>
    public HttpCors? Cors { get; init; }

    /// <summary>Every destination with its path, for messages about it.</summary>
    public IEnumerable<(HttpDestination Destination, string Path)> AllDestinations(int index) =>
        Destinations.Select((d, i) => (d, $"spec.http[{index}].route[{i}].destination"))
            .Concat(Mirrors.Select(m => (m.Destination, m.Path)));

    /// <summary>Null: none.</summary>
    public HttpFault? Fault { get; init; }
}
