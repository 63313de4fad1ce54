using System.Text.Json.Nodes;
using ProxylessMesh.Xds.Ads;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Client.Runtime;

/// <summary>
/// Describes this process to the control plane in Istio's node metadata (pilot/pkg/model, NodeMetadata), so that istiod
/// understands it as well.
/// </summary>
/// <param name="workload">What the options say.</param>
/// <param name="instance">Tells processes of one workload apart.</param>
/// <param name="given">What a bootstrap file says instead; only what we listen on is added to it.</param>
internal sealed class NodeDescription(WorkloadOptions workload, string instance, NodeInfo? given = null)
{
    private const string TlsModeLabel = "security.istio.io/tlsMode";
    private const string DefaultWorkloadName = "app";

    private readonly string _name = string.IsNullOrWhiteSpace(workload.Name) ? DefaultWorkloadName : workload.Name;

    /// <param name="ports">What the app listens on now; empty while it serves nothing.</param>
    /// <param name="acceptsMutualTls">Whether those ports take mesh TLS.</param>
    public NodeInfo With(IReadOnlyList<KeyValuePair<string, int>> ports, bool acceptsMutualTls)
    {
        if (given is not null)
        {
            var metadata = (JsonObject)given.Metadata.DeepClone();
            AddPorts(metadata, ports);
            return given with { Metadata = metadata };
        }

        var space = workload.Namespace;
        return new NodeInfo(
            $"{(workload.IsGateway ? "router" : "sidecar")}~{workload.Address}~{_name}-{instance}.{space}~{space}.svc.cluster.local",
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
        AddPorts(metadata, ports);
        return metadata;
    }

    private static void AddPorts(JsonObject metadata, IReadOnlyList<KeyValuePair<string, int>> ports)
    {
        if (ports.Count > 0)
        {
            metadata["POD_PORTS"] = Ports(ports);
        }
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
