using ProxylessMesh.Xds.Routing;

namespace ProxylessMesh.Server.Filters;

/// <summary>An incoming request, as matchers of headers and routes see it.</summary>
internal readonly struct InboundRequestView(InboundRequest request) : IRequestView
{
    public string Method => request.Method;

    public string Scheme => request.HttpContext.Request.Scheme;

    public string Authority => request.Authority;

    public ReadOnlySpan<char> Path => request.Path;

    public ReadOnlySpan<char> Query => request.Query;

    public bool TryGetHeader(string name, out string value)
    {
        if (!request.HttpContext.Request.Headers.TryGetValue(name, out var values) || values.Count == 0)
        {
            value = "";
            return false;
        }

        value = values.Count == 1 ? values[0] ?? "" : string.Join(',', values.ToArray());
        return true;
    }
}
