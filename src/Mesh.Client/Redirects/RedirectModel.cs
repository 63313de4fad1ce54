using System.Net;
using ProxylessMesh.Client.Routing;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Routing;

namespace ProxylessMesh.Client.Redirects;

/// <summary>A compiled <see cref="RedirectActionConfig"/>: where the caller is sent (Envoy, RedirectAction).</summary>
internal sealed class RedirectModel(RedirectActionConfig config, PathMatchConfig match)
{
    private readonly PathRewriter? _rewriter = config.Rewrite is { } rewrite ? new PathRewriter(rewrite, match) : null;

    public HttpStatusCode Status => (HttpStatusCode)config.Status;

    public string Location(HttpRequestMessage request)
    {
        var uri = request.RequestUri!;
        var asked = RequestScheme.Of(request);
        var scheme = config.Scheme ?? asked;
        var port = config.Port is { } number ? $":{number}" : "";
        return $"{scheme}://{config.Host ?? Host(request, uri, asked, scheme)}{port}{Path(uri)}";
    }

    /// <summary>A port that was only the old scheme's default does not survive a new scheme; a new port replaces any.</summary>
    private string Host(HttpRequestMessage request, Uri uri, string asked, string scheme)
    {
        var host = request.Headers.Host ?? uri.Authority;
        var colon = host.LastIndexOf(':');
        if (colon < 0 || host.EndsWith(']'))
        {
            return host;
        }

        var isDefault = host.AsSpan(colon).SequenceEqual(asked == Uri.UriSchemeHttp ? ":80" : ":443");
        return config.Port is not null || (isDefault && scheme != asked) ? host[..colon] : host;
    }

    private string Path(Uri uri)
    {
        var query = config.StripQuery ? "" : uri.Query;
        if (config.Path is { } path)
        {
            // A query string of the configured path wins over the request's and is never stripped.
            var whole = path.Contains('?', StringComparison.Ordinal) ? path : path + query;
            return whole.StartsWith('/') ? whole : "/" + whole;
        }

        return (_rewriter?.Rewrite(uri.AbsolutePath) ?? uri.AbsolutePath) + query;
    }
}
