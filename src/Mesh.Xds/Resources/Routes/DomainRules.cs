namespace ProxylessMesh.Xds.Resources.Routes;

/// <summary>
/// VirtualHost.domains: no domain twice in a RouteConfiguration, whatever its case, and "*" only at one end
/// (route_components.proto).
/// </summary>
internal sealed class DomainRules
{
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);

    /// <summary>The domain in lower case, or null with an error.</summary>
    public string? Check(string domain, DecodeContext context)
    {
        if (domain.Length == 0)
        {
            context.Error("must not be empty");
            return null;
        }

        var stars = domain.AsSpan().Count('*');
        if (stars > 1 || (stars == 1 && domain[0] != '*' && domain[^1] != '*'))
        {
            context.Error($"{DecodeContext.Quote(domain)} may have one wildcard, at its beginning or end");
            return null;
        }

        var lower = domain.ToLowerInvariant();
        if (!_seen.Add(lower))
        {
            context.Error($"{DecodeContext.Quote(domain)} is listed twice");
            return null;
        }

        return lower;
    }
}
