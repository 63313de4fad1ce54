using ProxylessMesh.Xds.Routing;

namespace ProxylessMesh.Client.Retries;

/// <summary>A response's headers for header matchers; it has nothing else that they ask for.</summary>
internal readonly struct ResponseHeadersView(HttpResponseMessage response) : IRequestView
{
    public string Method => "";

    public string Scheme => "";

    public string Authority => "";

    public ReadOnlySpan<char> Path => default;

    public ReadOnlySpan<char> Query => default;

    public bool TryGetHeader(string name, out string value)
    {
        if (response.Headers.NonValidated.TryGetValues(name, out var values)
            || response.Content.Headers.NonValidated.TryGetValues(name, out values))
        {
            value = values.Count == 1 ? values.ToString() : string.Join(',', values);
            return true;
        }

        value = "";
        return false;
    }
}
