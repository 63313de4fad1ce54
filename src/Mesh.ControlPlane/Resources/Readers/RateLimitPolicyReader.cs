using ProxylessMesh.ControlPlane.Validation;
using ProxylessMesh.ControlPlane.Yaml;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.ControlPlane.Resources.Readers;

/// <summary>RateLimitPolicy (proxylessmesh.io), our own kind: Istio has none but patches of Envoy's configuration.</summary>
internal static class RateLimitPolicyReader
{
    private static readonly EnumNames<bool> GrpcStatus = new(("UNAVAILABLE", false), ("RESOURCE_EXHAUSTED", true));

    public static MeshObject? Read(ObjectMeta meta, YamlObject spec)
    {
        var selector = EquatableMap.Empty;
        if (spec.Object("selector") is { } item)
        {
            selector = item.Labels("matchLabels");
            item.Close(KnownFields.None);
        }

        var local = spec.Objects("local").Select(LocalLimitReader.Read).OfType<LocalLimit>().ToEquatableArray();
        var global = spec.Object("global") is { } service ? GlobalLimitReader.Read(service) : null;
        if (!spec.Has("local") && !spec.Has("global"))
        {
            spec.Problems.Error(spec.Position, ProblemCodes.Missing, $"{spec.Path} needs local or global limits");
        }

        // How much an app can bear is known to the app: MeshOptions.MaxConcurrentRequests says it.
        if (spec.Read("concurrency") is not null)
        {
            spec.Problems.Error(
                spec.PositionOf("concurrency"),
                ProblemCodes.UnsupportedField,
                $"{spec.Path}.concurrency is not supported: how many requests an app serves at once is a setting of the app",
                "remove the field and set Mesh:MaxConcurrentRequests in the app's configuration");
        }

        var policy = new RateLimitPolicy(meta, selector, local, global)
        {
            TellsLimits = spec.Bool("responseHeaders") ?? false,
            AsResourceExhausted = spec.Enum("grpcStatus", GrpcStatus, false),
            DryRun = spec.Bool("dryRun") ?? false,
        };
        spec.Close(KnownFields.None);
        return policy;
    }
}
