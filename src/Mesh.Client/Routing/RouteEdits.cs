using ProxylessMesh.Client.Calls;
using ProxylessMesh.Client.Clusters;
using ProxylessMesh.Client.HeaderChanges;
using ProxylessMesh.Client.Mirroring;
using ProxylessMesh.Client.Rewrites;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Client.Routing;

/// <summary>What a forwarding route does to messages on their way, for each of its clusters; and who gets copies of them.</summary>
internal sealed class RouteEdits
{
    private readonly RequestMirror[] _mirrors;
    private readonly Edits[] _ofCluster;

    private RouteEdits(RequestMirror[] mirrors, Edits[] ofCluster)
    {
        _mirrors = mirrors;
        _ofCluster = ofCluster;
    }

    /// <summary>Null for the many routes that only forward: those pay for nothing.</summary>
    public static RouteEdits? From(RouteEntryConfig route, ForwardActionConfig action, Func<string, ClusterState> clusters)
    {
        var mirrors = new RequestMirror[action.Mirrors.Count];
        for (var i = 0; i < mirrors.Length; i++)
        {
            mirrors[i] = new RequestMirror(action.Mirrors[i], clusters(action.Mirrors[i].Cluster), action.Timeout ?? TimeSpan.Zero);
        }

        var edits = new Edits[action.Clusters.Count];
        var any = mirrors.Length > 0;
        for (var i = 0; i < edits.Length; i++)
        {
            var cluster = action.Clusters[i];
            var headers = route.ClusterHeadersLast ? route.Headers.Then(cluster.Headers) : cluster.Headers.Then(route.Headers);
            edits[i] = new Edits(
                RequestRewrite.From(action, cluster.HostRewrite, route.Match.Path),
                HeaderChangeList.From(headers.Request),
                HeaderChangeList.From(headers.Response));
            any |= edits[i] != default;
        }

        return any ? new RouteEdits(mirrors, edits) : null;
    }

    /// <summary>Headers first, then path and Host (Envoy, finalizeRequestHeaders). The backup is null when nothing was changed.</summary>
    public RequestBackup? Apply(HttpRequestMessage request, int cluster)
    {
        var edits = _ofCluster[cluster];
        if (edits is { Rewrite: null, Request: null })
        {
            return null;
        }

        var backup = new RequestBackup(request);
        edits.Request?.Apply(request, backup);
        edits.Rewrite?.Apply(request, backup);
        return backup;
    }

    public void Apply(HttpResponseMessage response, int cluster) => _ofCluster[cluster].Response?.Apply(response);

    public void Mirror(HttpRequestMessage request, CallContext context)
    {
        foreach (var mirror in _mirrors)
        {
            mirror.Send(request, context);
        }
    }

    private readonly record struct Edits(RequestRewrite? Rewrite, HeaderChangeList? Request, HeaderChangeList? Response);
}
