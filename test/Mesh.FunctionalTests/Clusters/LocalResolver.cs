using ProxylessMesh.Client.NameResolution;
using ProxylessMesh.Testing;

namespace ProxylessMesh.FunctionalTests.Clusters;

/// <summary>A machine whose only name server is the test's.</summary>
internal sealed class LocalResolver(DnsServer server) : ResolverFiles
{
    public override ResolverSettings Settings => ResolverSettings.None with { Servers = [server.EndPoint], Attempts = 1 };

    public override string Hosts => "";

    public static INameResolver For(DnsServer server) => new NameResolver(new LocalResolver(server), TimeProvider.System);
}
