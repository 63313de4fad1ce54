using System.Collections.Immutable;
using Envoy.Config.Route.V3;

namespace ProxylessMesh.FunctionalTests.Istiod;

/// <summary>A Service of the namespace default, with what VirtualService and DestinationRule make of it.</summary>
internal sealed record IstioService(string Name)
{
    public int Port => 9080;

    public string Host => $"{Name}.default.svc.cluster.local";

    public IEnumerable<string> Names => [Host, $"{Name}.default.svc", $"{Name}.default", Name];

    public ImmutableArray<IstioEndpoint> Endpoints { get; init; } = [];

    /// <summary>DestinationRule: subsets by the label version.</summary>
    public ImmutableArray<string> Subsets { get; init; } = [];

    /// <summary>DestinationRule: tls mode ISTIO_MUTUAL.</summary>
    public bool MutualTls { get; init; }

    /// <summary>The label istio.io/persistent-session; empty: none.</summary>
    public string SessionCookie { get; init; } = "";

    /// <summary>VirtualService: the routes. Default: one to the service.</summary>
    public ImmutableArray<Route> Routes { get; init; } = [];

    /// <param name="subset">Empty: the whole service.</param>
    public string Cluster(string subset = "") => $"outbound|{Port}|{subset}|{Host}";
}
