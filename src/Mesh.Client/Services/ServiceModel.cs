using ProxylessMesh.Client.Clusters;
using ProxylessMesh.Client.Routing;
using ProxylessMesh.Xds.Routing;

namespace ProxylessMesh.Client.Services;

/// <summary>What is known of an authority now; a request reads it once. Exactly one of the first three is set.</summary>
/// <param name="Routes">The mesh knows the host.</param>
/// <param name="PassThrough">The mesh does not know it: HttpClient's own way.</param>
/// <param name="Error">The mesh should know it, but what came is not usable.</param>
/// <param name="Clusters">What the routes hold on to.</param>
internal sealed record ServiceModel(RouteTable<RouteModel>? Routes, bool PassThrough, string? Error, ClusterState[] Clusters)
{
    public static ServiceModel Unknown { get; } = new(null, true, null, []);

    public static ServiceModel Invalid(string error) => new(null, false, error, []);
}
