using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.ControlPlane.Agent;

/// <summary>How the agent's settings are written, in a file or as options.</summary>
internal static class AgentText
{
    public const string ControlPlaneForms = "write https://mesh.example.com:15012, or http://127.0.0.1:15010 for development";

    public const string HealthCheckForms = "write tcp://:9080, http://:8080/ready, grpc://:9080 or grpc://:9080/SERVICE";

    /// <summary>Null: not one.</summary>
    public static Uri? ControlPlane(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is ("https" or "http" or "unix") && address.Query.Length == 0 ? address : null;

    /// <summary>Region, zone and sub-zone.</summary>
    public static LocalityId Locality(string text)
    {
        var parts = text.Split('/', 3);
        return new LocalityId(parts[0], parts.ElementAtOrDefault(1) ?? "", parts.ElementAtOrDefault(2) ?? "");
    }
}
