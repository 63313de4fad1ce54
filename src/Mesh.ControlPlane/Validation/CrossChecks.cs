using ProxylessMesh.ControlPlane.Model;
using ProxylessMesh.ControlPlane.Resources;

namespace ProxylessMesh.ControlPlane.Validation;

/// <summary>What is doubtful about objects that are in use: warnings, which reject nothing.</summary>
internal static class CrossChecks
{
    public static IEnumerable<ConfigProblem> Run(IReadOnlyList<MeshObject> objects, MeshSettings settings)
    {
        var hosts = new HostIndex(objects, settings);
        var services = objects.OfType<VirtualService>().ToList();
        return DestinationRuleChecks.Run(objects.OfType<DestinationRule>(), hosts)
            .Concat(services.SelectMany(s => VirtualServiceChecks.Run(s, hosts)))
            .Concat(DelegateChecks.Run(services))
            .Concat(ConflictingHosts.Run(services, hosts))
            .Concat(PeerAuthenticationChecks.Run(objects.OfType<PeerAuthentication>(), settings))
            .Concat(AuthorizationProviderChecks.Run(objects, settings, hosts))
            .Concat(TcpAuthorizationChecks.Run(objects, settings))
            .Concat(RateLimitChecks.Run(objects.OfType<RateLimitPolicy>(), hosts))
            .Concat(ChaosChecks.Run(objects, settings));
    }
}
