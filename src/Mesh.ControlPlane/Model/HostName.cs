namespace ProxylessMesh.ControlPlane.Model;

/// <summary>How host names in configuration and in requests are read. Every name is compared in lower case and without its trailing dot.</summary>
internal static class HostName
{
    public static string Normalize(string host) => host.Trim().TrimEnd('.').ToLowerInvariant();

    public static bool IsWildcard(string host) => host.StartsWith('*');

    public static string OfService(string name, string @namespace, string clusterDomain) =>
        Normalize($"{name}.{@namespace}.svc.{clusterDomain}");

    /// <summary>
    /// The name that a VirtualService or DestinationRule means: without a dot it is a service of the resource's own namespace,
    /// everything else stands for itself (Istio, VirtualService.hosts), so <c>reviews.prod</c> is not expanded.
    /// </summary>
    public static string Resolve(string host, string @namespace, string clusterDomain)
    {
        var normalized = Normalize(host);
        return normalized.Length == 0 || IsWildcard(normalized) || normalized.Contains('.', StringComparison.Ordinal) || normalized.Contains(':', StringComparison.Ordinal)
            ? normalized
            : OfService(normalized, @namespace, clusterDomain);
    }

    /// <summary>What a requested name can mean to a client of this namespace, as its DNS search list would try it: the name itself first.</summary>
    public static IEnumerable<string> Candidates(string requested, string clientNamespace, string clusterDomain)
    {
        var host = Normalize(requested);
        yield return host;
        var dots = host.Count(c => c == '.');
        if (dots == 0)
        {
            yield return OfService(host, clientNamespace, clusterDomain);
        }
        else if (dots == 1)
        {
            yield return Normalize($"{host}.svc.{clusterDomain}");
        }
        else if (dots == 2 && host.EndsWith(".svc", StringComparison.Ordinal))
        {
            yield return Normalize($"{host}.{clusterDomain}");
        }
    }
}
