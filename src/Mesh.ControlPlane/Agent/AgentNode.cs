using System.Text.Json.Nodes;
using ProxylessMesh.ControlPlane.Discovery;
using ProxylessMesh.Xds.Ads;

namespace ProxylessMesh.ControlPlane.Agent;

/// <summary>
/// The workload in Istio's node metadata, as the agent's own stream and the app's bootstrap show it. Only the agent's stream ever
/// names ports that may be called, so only that registers an endpoint.
/// </summary>
internal static class AgentNode
{
    private const string TlsModeLabel = "security.istio.io/tlsMode";

    /// <param name="workload">Whom the agent speaks for.</param>
    /// <param name="instance">Tells processes of one workload apart.</param>
    /// <param name="serves">Whether its ports are to be called now.</param>
    public static NodeInfo Of(AgentWorkload workload, string instance, bool serves)
    {
        var labels = new JsonObject();
        foreach (var (name, value) in workload.Labels.Entries)
        {
            labels[name] = value;
        }

        if (workload.MutualTls)
        {
            labels[TlsModeLabel] = "istio";
        }

        var metadata = new JsonObject
        {
            ["GENERATOR"] = "grpc",
            ["NAMESPACE"] = workload.Namespace,
            ["SERVICE_ACCOUNT"] = workload.ServiceAccount,
            ["WORKLOAD_NAME"] = workload.Name,
            ["CLUSTER_ID"] = "Kubernetes",
            ["INSTANCE_IPS"] = workload.Address,
            ["LABELS"] = labels,
        };
        if (workload.Ports.Count > 0)
        {
            metadata[serves ? "POD_PORTS" : ClientNodeReader.InboundPortsKey] = Ports(workload);
        }

        var space = workload.Namespace;
        return new NodeInfo(
            $"sidecar~{workload.Address}~{workload.Name}-{instance}.{space}~{space}.svc.cluster.local", $"{workload.Name}.{space}", workload.Locality, metadata);
    }

    private static string Ports(AgentWorkload workload) => new JsonArray(
        [.. workload.Ports.Select(port => new JsonObject { ["name"] = port.Key, ["containerPort"] = port.Value, ["protocol"] = "TCP" })]).ToJsonString();
}
