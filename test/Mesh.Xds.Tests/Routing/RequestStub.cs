using ProxylessMesh.Xds.Routing;

namespace ProxylessMesh.Xds.Tests.Routing;

/// <summary>A request as the matchers see it.</summary>
internal readonly record struct RequestStub(
    string Authority = "reviews:9080",
    string PathText = "/",
    string QueryText = "",
    string Method = "GET",
    string Scheme = "http",
    IReadOnlyDictionary<string, string>? Headers = null) : IRequestView
{
    public ReadOnlySpan<char> Path => PathText;

    public ReadOnlySpan<char> Query => QueryText;

    public bool TryGetHeader(string name, out string value)
    {
        if (Headers is not null && Headers.TryGetValue(name, out var found))
        {
            value = found;
            return true;
        }

        value = "";
        return false;
    }

    public override string ToString() =>
        $"{Method} {Scheme}://{Authority}{PathText}?{QueryText} [{string.Join("; ", Headers ?? new Dictionary<string, string>())}]";
}
