using ProxylessMesh.Xds.Routing;

namespace ProxylessMesh.Benchmarks.Routes;

/// <summary>A request to match.</summary>
internal readonly record struct RouteRequest(string PathText, string HeaderValue) : IRequestView
{
    public string Method => "GET";

    public string Scheme => "http";

    public string Authority => "reviews:9080";

    public ReadOnlySpan<char> Path => PathText;

    public ReadOnlySpan<char> Query => default;

    public bool TryGetHeader(string name, out string value)
    {
        value = HeaderValue;
        return true;
    }
}
