using ProxylessMesh.Xds.Routing;

namespace ProxylessMesh.ControlPlane.Explain;

/// <summary>A request that nobody sends.</summary>
internal readonly struct ExplainedRequest(string method, Uri uri, IReadOnlyDictionary<string, string> headers) : IRequestView
{
    public string Method => method;

    public string Scheme => uri.Scheme;

    public string Authority => headers.TryGetValue("host", out var host) ? host : $"{uri.Host}:{uri.Port}";

    public ReadOnlySpan<char> Path => uri.AbsolutePath;

    public ReadOnlySpan<char> Query => uri.Query.Length > 0 ? uri.Query.AsSpan(1) : default;

    public bool TryGetHeader(string name, out string value)
    {
        var found = headers.TryGetValue(name, out var header);
        value = header ?? "";
        return found;
    }
}
