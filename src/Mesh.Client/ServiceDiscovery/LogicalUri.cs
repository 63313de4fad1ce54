namespace ProxylessMesh.Client.ServiceDiscovery;

/// <summary>
/// A URI that leaves the choice of its scheme to discovery, as Microsoft.Extensions.ServiceDiscovery writes it
/// (<c>https+http://reviews</c>). To the mesh it is the http one: between workloads that becomes mutual TLS anyway.
/// </summary>
#pragma warning disable CA2237 // Never serialized; Uri itself is only for compatibility.
internal sealed class LogicalUri : Uri
#pragma warning restore CA2237
{
    private static readonly string[] HttpsFirst = [UriSchemeHttps, UriSchemeHttp];
    private static readonly string[] HttpFirst = [UriSchemeHttp, UriSchemeHttps];

    private LogicalUri(string address, string[] schemes)
        : base(address) => Schemes = schemes;

    /// <summary>What may be used outside the mesh, the best first.</summary>
    public IReadOnlyList<string> Schemes { get; }

    /// <summary>Null when the URI leaves no choice.</summary>
    public static LogicalUri? From(Uri? uri)
    {
        if (uri is not { IsAbsoluteUri: true })
        {
            return null;
        }

        var schemes = uri.Scheme switch
        {
            "https+http" => HttpsFirst,
            "http+https" => HttpFirst,
            _ => null,
        };
        var port = uri.Port > 0 ? $":{uri.Port}" : "";
        return schemes is null ? null : new LogicalUri($"http://{uri.Host}{port}{uri.PathAndQuery}", schemes);
    }
}
