namespace ProxylessMesh.ControlPlane.Model;

/// <summary>How VirtualServices name Gateways.</summary>
internal static class GatewayName
{
    /// <summary>The reserved word for all clients in the mesh.</summary>
    public const string Mesh = "mesh";

    /// <summary><c>namespace/name</c> of what a VirtualService of this namespace calls <c>name</c>, <c>./name</c> or <c>namespace/name</c>.</summary>
    public static string Resolve(string written, string ownNamespace) =>
        written == Mesh ? Mesh
        : written.StartsWith("./", StringComparison.Ordinal) ? $"{ownNamespace}{written.AsSpan(1)}"
        : written.Contains('/', StringComparison.Ordinal) ? written
        : $"{ownNamespace}/{written}";
}
