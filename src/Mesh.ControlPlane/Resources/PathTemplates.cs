namespace ProxylessMesh.ControlPlane.Resources;

/// <summary>Istio's path templates, <c>/{*}/reviews/{**}</c>.</summary>
internal static class PathTemplates
{
    public static bool IsTemplate(string path) => path.Contains('{', StringComparison.Ordinal);

    /// <summary>In Envoy's syntax.</summary>
    public static string ToEnvoy(string path) =>
        path.Replace("{**}", "**", StringComparison.Ordinal).Replace("{*}", "*", StringComparison.Ordinal);
}
