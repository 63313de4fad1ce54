using System.Text.Json.Nodes;
using ProxylessMesh.Xds.Ads;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Client.Runtime;

/// <summary>
/// Describes this process to the control plane in Istio's node metadata (pilot/pkg/model, NodeMetadata), so that istiod
/// understands it as well.
/// </summary>
internal sealed class NodeDescription(WorkloadOptions workload, string instance)
{
    private const string TlsModeLabel = "security.istio.io/tlsMode";
    private const string DefaultWorkloadName = "app";

    private readonly string _name = string.IsNullOrWhiteSpace(workload.Name) ? DefaultWorkloadName : workload.Name;

    /// <param name="ports">What the app listens on now; empty while it serves nothing.</param>
    /// <param name="acceptsMutualTls">Whether those ports take mesh TLS.</param>
    public NodeInfo With(IReadOnlyList<KeyValuePair<string, int>> ports, bool acceptsMutualTls)
    {
        var space = workload.Namespace;
        return new NodeInfo(
            $"sidecar~{workload.Address}~{_name}-{instance}.{space}~{space}.svc.cluster.local",
            $"{_name}.{space}",
            Locality(workload.Locality),
            Metadata(ports, acceptsMutualTls));
    }

    private JsonObject Metadata(IReadOnlyList<KeyValuePair<string, int>> ports, bool acceptsMutualTls)
    {
        var labels = new JsonObject();
        foreach (var (key, value) in workload.Labels)
        {
            labels[key] = value;
        }

        if (acceptsMutualTls)
        {
            labels[TlsModeLabel] = "istio";
        }

        var metadata = new JsonObject
        {
            ["GENERATOR"] = "mesh",
            ["NAMESPACE"] = workload.Namespace,
            ["SERVICE_ACCOUNT"] = workload.ServiceAccount,
            ["WORKLOAD_NAME"] = _name,
            ["CLUSTER_ID"] = "Kubernetes",
            ["INSTANCE_IPS"] = workload.Address,
            ["LABELS"] = labels,
        };
        if (ports.Count > 0)
        {
            metadata["POD_PORTS"] = Ports(ports);
        }

        return metadata;
    }

    /// <summary>A list in a string, as Istio's agent writes it.</summary>
    private static string Ports(IReadOnlyList<KeyValuePair<string, int>> ports)
    {
        var list = new JsonArray();
        foreach (var (name, number) in ports)
        {
            list.Add((JsonNode)new JsonObject { ["name"] = name, ["containerPort"] = number, ["protocol"] = "TCP" });
        }

        return list.ToJsonString();
    }

    private static LocalityId Locality(string? text)
    {
        var parts = (text ?? "").Split('/', 3);
        return new LocalityId(parts[0], parts.ElementAtOrDefault(1) ?? "", parts.ElementAtOrDefault(2) ?? "");
    }
}
