namespace ProxylessMesh.Client.ServiceDiscovery;

/// <summary>One value of the section: <c>https://host:port</c>, <c>host:port</c> or <c>host</c>.</summary>
/// <param name="Scheme">Null: the caller's choice.</param>
/// <param name="Host">Name or address.</param>
/// <param name="Port">-1: the scheme's own.</param>
internal sealed record ServiceAddress(string? Scheme, string Host, int Port)
{
    public static ServiceAddress? Parse(string value)
    {
        var hasScheme = value.Contains("://", StringComparison.Ordinal);
        if (!Uri.TryCreate(hasScheme ? value : $"any://{value}", UriKind.Absolute, out var uri)
            || uri.Host.Length == 0
            || (hasScheme && uri.Scheme != Uri.UriSchemeHttp && uri.Scheme != Uri.UriSchemeHttps))
        {
            return null;
        }

        return new ServiceAddress(hasScheme ? uri.Scheme : null, uri.Host, uri.IsDefaultPort ? -1 : uri.Port);
    }
}
