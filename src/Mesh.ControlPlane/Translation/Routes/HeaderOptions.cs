using Envoy.Config.Core.V3;
using Envoy.Config.Route.V3;
using Google.Protobuf.Collections;
using ProxylessMesh.ControlPlane.Resources;
using ProxylessMesh.Xds.Config;
using Route = Envoy.Config.Route.V3.Route;
using AppendAction = Envoy.Config.Core.V3.HeaderValueOption.Types.HeaderAppendAction;

namespace ProxylessMesh.ControlPlane.Translation.Routes;

/// <summary>Changes of headers in xDS. gRPC knows none of them, so only the mesh profile gets any.</summary>
internal static class HeaderOptions
{
    public static void Add(Route route, HttpHeaders? headers)
    {
        if (headers is not null)
        {
            Add(headers.Request, route.RequestHeadersToAdd, route.RequestHeadersToRemove);
            Add(headers.Response, route.ResponseHeadersToAdd, route.ResponseHeadersToRemove);
        }
    }

    public static void Add(WeightedCluster.Types.ClusterWeight cluster, HttpHeaders? headers)
    {
        if (headers is not null)
        {
            Add(headers.Request, cluster.RequestHeadersToAdd, cluster.RequestHeadersToRemove);
            Add(headers.Response, cluster.ResponseHeadersToAdd, cluster.ResponseHeadersToRemove);
            if (headers.Request.Authority is { } authority)
            {
                cluster.HostRewriteLiteral = authority;
            }
        }
    }

    private static void Add(HeaderOperations operations, RepeatedField<HeaderValueOption> added, RepeatedField<string> removed)
    {
        added.AddRange(Options(operations.Set, AppendAction.OverwriteIfExistsOrAdd));
        added.AddRange(Options(operations.Add, AppendAction.AppendIfExistsOrAdd));
        removed.AddRange(operations.Remove);
    }

    /// <summary>A map in the source: its order means nothing and must not show.</summary>
    private static IEnumerable<HeaderValueOption> Options(EquatableMap headers, AppendAction action) =>
        headers.Entries.OrderBy(e => e.Key, StringComparer.Ordinal).Select(e => new HeaderValueOption
        {
            Header = new HeaderValue { Key = e.Key, Value = e.Value },
            AppendAction = action,
        });
}
