using System.Net.Http.Headers;
using ProxylessMesh.Xds.Routing;

namespace ProxylessMesh.Client.Routing;

/// <summary>An outgoing request, as routes see it.</summary>
/// <param name="request">The request.</param>
/// <param name="authority">What its Host header will be unless it sets one: without the port when that is the scheme's own.</param>
internal readonly struct HttpRequestView(HttpRequestMessage request, string authority) : IRequestView
{
    public string Method => request.Method.Method;

    public string Scheme => RequestScheme.Of(request);

    public string Authority => request.Headers.Host ?? authority;

    public ReadOnlySpan<char> Path => request.RequestUri!.AbsolutePath;

    public ReadOnlySpan<char> Query
    {
        get
        {
            var query = request.RequestUri!.Query;
            return query.Length > 0 ? query.AsSpan(1) : default;
        }
    }

    public bool TryGetHeader(string name, out string value)
    {
        if (TryGet(request.Headers.NonValidated, name, out value))
        {
            return true;
        }

        return request.Content is { } content && TryGet(content.Headers.NonValidated, name, out value);
    }

    private static bool TryGet(HttpHeadersNonValidated headers, string name, out string value)
    {
        if (!headers.TryGetValues(name, out var values))
        {
            value = "";
            return false;
        }

        value = values.Count == 1 ? values.ToString() : string.Join(',', values);
        return true;
    }
}
