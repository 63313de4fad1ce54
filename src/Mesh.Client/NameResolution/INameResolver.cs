using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Client.NameResolution;

/// <summary>Looks up the addresses of a host.</summary>
internal interface INameResolver
{
    /// <summary>Failures are answers, too; only cancellation is an exception.</summary>
    Task<NameAnswer> ResolveAsync(string name, DnsLookupFamily family, CancellationToken cancellationToken);
}
