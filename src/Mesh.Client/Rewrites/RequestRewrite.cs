using ProxylessMesh.Client.HeaderChanges;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Routing;

namespace ProxylessMesh.Client.Rewrites;

/// <summary>The new path and Host of requests that follow a route (Envoy, RouteAction: prefix_rewrite, regex_rewrite, host_rewrite_literal).</summary>
internal sealed class RequestRewrite(PathRewriter? path, string? host, bool keepForwardedHost)
{
    private const string OriginalPath = "x-envoy-original-path";
    private const string ForwardedHost = "x-forwarded-host";

    /// <summary>The configured path goes into the request as it is; the runtime must not "correct" what Envoy would send.</summary>
    private static readonly UriCreationOptions AsWritten = new() { DangerousDisablePathAndQueryCanonicalization = true };

    /// <summary>Null when there is nothing to rewrite.</summary>
    public static RequestRewrite? From(ForwardActionConfig action, string? clusterHost, PathMatchConfig match)
    {
        // Envoy makes the cluster's change first, so that the route's own wins.
        var host = action.HostRewrite ?? clusterHost;
        var path = action.PathRewrite is { } rewrite ? new PathRewriter(rewrite, match) : null;
        return path is null && host is null ? null : new RequestRewrite(path, host, action.AppendForwardedHost);
    }

    public void Apply(HttpRequestMessage request, RequestBackup backup)
    {
        var uri = request.RequestUri!;
        if (path is not null)
        {
            backup.Keep(OriginalPath);
            request.Headers.Remove(OriginalPath);
            request.Headers.TryAddWithoutValidation(OriginalPath, uri.PathAndQuery);
            request.RequestUri = new Uri($"{uri.Scheme}://{uri.Authority}{path.Rewrite(uri.AbsolutePath)}{uri.Query}", AsWritten);
        }

        if (host is null)
        {
            return;
        }

        if (keepForwardedHost)
        {
            backup.Keep(ForwardedHost);
            request.Headers.TryAddWithoutValidation(ForwardedHost, request.Headers.Host ?? uri.Authority);
        }

        request.Headers.Host = host;
    }
}
