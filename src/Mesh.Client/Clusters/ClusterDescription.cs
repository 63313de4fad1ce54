using System.Globalization;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Client.Clusters;

/// <summary>The sentence for a caller who got no endpoint: what is known of the cluster, and when that changes.</summary>
internal static class ClusterDescription
{
    public static string WhyNoEndpoint(ClusterState cluster, string route, TimeProvider time)
    {
        var model = cluster.Model;
        var name = Friendly(cluster.Name);
        var of = route.Length == 0 ? "" : $"; {route}";
        if (model.Config is null)
        {
            return $"no cluster for {name}: {model.Error}{of}";
        }

        var ejected = model.Known.Count(e => e.IsEjected);
        var detail = model.Error ?? (ejected == 0
            ? string.Create(CultureInfo.InvariantCulture, $"{model.Known.Length} known")
            : string.Create(CultureInfo.InvariantCulture, $"{model.Known.Length} known, {ejected} ejected ({FirstReturn(model, time)})"));
        return $"no healthy endpoint for {name}: {detail}{of}";
    }

    /// <summary><c>outbound|9080|v2|reviews.default.svc.cluster.local</c> as <c>reviews.default.svc.cluster.local:9080 subset v2</c>.</summary>
    private static string Friendly(string cluster) => cluster.Split('|') switch
    {
        [_, var port, "", var host] => $"{host}:{port}",
        [_, var port, var subset, var host] => $"{host}:{port} subset {subset}",
        _ => cluster,
    };

    private static string FirstReturn(ClusterModel model, TimeProvider time)
    {
        var first = model.Known.Where(e => e.IsEjected).Min(e => e.Ejection.Time - time.GetElapsedTime(e.Ejection.Since));
        var left = Math.Max(0, Math.Ceiling(first.TotalSeconds));
        return string.Create(CultureInfo.InvariantCulture, $"consecutive errors; first returns in {left} s");
    }
}
