using ProxylessMesh.Xds.Routing;

namespace ProxylessMesh.ControlPlane.Explain;

/// <summary>An <see cref="ExplainedCall"/> as routes see it.</summary>
internal readonly struct ExplainedRequest(ExplainedCall call) : IRequestView
{
    public string Method => call.Method;

    public string Scheme => call.Uri.Scheme;

    /// <summary>As in a Host header: http's own port is left out (RFC 9110, 4.2.3).</summary>
    public string Authority => call.Headers.TryGetValue("host", out var host) ? host : call.Uri.Authority;

    public ReadOnlySpan<char> Path => call.Uri.AbsolutePath;

    public ReadOnlySpan<char> Query => call.Uri.Query.Length > 0 ? call.Uri.Query.AsSpan(1) : default;

    public bool TryGetHeader(string name, out string value)
    {
        var found = call.Headers.TryGetValue(name, out var header);
        value = header ?? "";
        return found;
    }
}
