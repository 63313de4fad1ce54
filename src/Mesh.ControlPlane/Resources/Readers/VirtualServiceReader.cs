using ProxylessMesh.ControlPlane.Validation;
using ProxylessMesh.ControlPlane.Yaml;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.ControlPlane.Resources.Readers;

/// <summary>VirtualService (networking.istio.io): its HTTP routes.</summary>
internal static class VirtualServiceReader
{
    /// <summary>Istio's name for all workloads of the mesh, as opposed to gateways.</summary>
    public const string MeshGateway = "mesh";

    private static readonly KnownFields Known = new(["tls", "tcp"], [], []);

    public static MeshObject? Read(ObjectMeta meta, YamlObject spec)
    {
        var hosts = spec.Has("hosts") ? spec.RequiredHosts("hosts") : [];
        var gateways = spec.Strings("gateways");
        EquatableArray<string> appliesTo = gateways.Count == 0 ? [MeshGateway] : gateways;
        if (appliesTo.Contains(MeshGateway) && hosts.Contains("*"))
        {
            spec.Problems.Error(spec.PositionOf("hosts"), ProblemCodes.InvalidValue, "spec.hosts \"*\" is for gateways only: inside the mesh a host must be named");
        }

        var exportTo = spec.ExportTo();
        var http = spec.Objects("http").Select(HttpRouteReader.Read).ToList();
        if (http.Count == 0 && !spec.Has("tls") && !spec.Has("tcp"))
        {
            spec.Problems.Error(spec.PositionOf("http"), ProblemCodes.Missing, "spec.http is missing: at least one route");
        }

        if (!spec.Has("hosts"))
        {
            DelegateReader.Check(spec, http);
        }

        spec.Close(Known);
        return new VirtualService(meta, hosts, appliesTo, exportTo, http.ToEquatableArray());
    }
}
