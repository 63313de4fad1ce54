using ProxylessMesh.ControlPlane.Model;
using ProxylessMesh.ControlPlane.Resources;
using ProxylessMesh.ControlPlane.Yaml;

namespace ProxylessMesh.ControlPlane.Validation;

/// <summary>Providers that nobody defines, or that nobody can find.</summary>
internal static class AuthorizationProviderChecks
{
    public static IEnumerable<ConfigProblem> Run(IReadOnlyList<MeshObject> objects, MeshSettings settings, HostIndex hosts)
    {
        var providers = new AuthorizationProviders(settings, objects);
        foreach (var policy in objects.OfType<AuthorizationPolicy>())
        {
            if (policy.Provider is { } name && providers.Find(name) is null)
            {
                yield return new ConfigProblem(
                    policy.Meta.Position,
                    ProblemSeverity.Warning,
                    ProblemCodes.UnknownProvider,
                    policy.Meta.Id,
                    $"spec.provider.name {Quoted.Of(name)} is an extension provider of no MeshConfig in {settings.RootNamespace}: every request that it should decide about is refused",
                    "add it to extensionProviders");
            }
        }

        foreach (var config in objects.OfType<MeshConfig>())
        {
            if (config.Meta.Id.Namespace != settings.RootNamespace)
            {
                yield return Warn(config, $"a MeshConfig counts in namespace {settings.RootNamespace} alone: this one has no effect");
                continue;
            }

            foreach (var provider in config.Providers)
            {
                var ports = hosts.PortsOf(provider.Host);
                if (ports is null ? hosts.IsClusterLocal(provider.Host) : ports.All(p => p.Number != provider.Port))
                {
                    yield return Warn(config, $"extension provider {Quoted.Of(provider.Name)}: {provider.Host} with port {provider.Port} is defined by no Service: requests that it should decide about are {(provider.FailsOpen ? "let through" : "refused")}");
                }
            }
        }
    }

    private static ConfigProblem Warn(MeshConfig config, string text) =>
        new(config.Meta.Position, ProblemSeverity.Warning, ProblemCodes.UnknownProvider, config.Meta.Id, text);
}
