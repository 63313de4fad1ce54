using System.Collections.Frozen;
using ProxylessMesh.ControlPlane.Yaml;

namespace ProxylessMesh.ControlPlane.Resources.Readers;

/// <summary>Which kinds there are, and what becomes of each.</summary>
internal static class KindCatalog
{
    private const string Networking = "networking.istio.io";
    private const string Security = "security.istio.io";
    private const string Own = "proxylessmesh.io";

    /// <summary>Kinds that are read, by group and kind. All versions of a kind have one schema.</summary>
    private static readonly FrozenDictionary<(string Group, string Kind), KindReader> Readers = new Dictionary<(string, string), KindReader>
    {
        [("", "Service")] = new(["v1"], ServiceReader.Read),
        [(Networking, "VirtualService")] = new(["v1alpha3", "v1beta1", "v1"], VirtualServiceReader.Read),
        [(Networking, "DestinationRule")] = new(["v1alpha3", "v1beta1", "v1"], DestinationRuleReader.Read),
        [(Networking, "ServiceEntry")] = new(["v1alpha3", "v1beta1", "v1"], ServiceEntryReader.Read),
        [(Networking, nameof(Gateway))] = new(["v1alpha3", "v1beta1", "v1"], GatewayReader.Read),
        [(Networking, "Sidecar")] = new(["v1alpha3", "v1beta1", "v1"], SidecarReader.Read),
        [(Networking, "WorkloadEntry")] = new(["v1alpha3", "v1beta1", "v1"], WorkloadEntryReader.Read),
        [(Security, "PeerAuthentication")] = new(["v1beta1", "v1"], PeerAuthenticationReader.Read),
        [(Security, "AuthorizationPolicy")] = new(["v1beta1", "v1"], AuthorizationPolicyReader.Read),
        [(Security, "RequestAuthentication")] = new(["v1beta1", "v1"], RequestAuthenticationReader.Read),
        [(Own, nameof(MeshConfig))] = new(["v1alpha1"], MeshConfigReader.Read),
        [(Own, nameof(RateLimitPolicy))] = new(["v1alpha1"], RateLimitPolicyReader.Read),
        [(Own, nameof(ChaosExperiment))] = new(["v1alpha1"], ChaosExperimentReader.Read),
    }.ToFrozenDictionary();

    /// <summary>Kinds that steer or protect a mesh, but that this version can't carry out: never passed over silently.</summary>
    private static readonly FrozenDictionary<string, string[]> Unsupported = new Dictionary<string, string[]>
    {
        [Networking] = ["EnvoyFilter", "WorkloadGroup", "ProxyConfig"],
        ["telemetry.istio.io"] = ["Telemetry"],
        ["extensions.istio.io"] = ["WasmPlugin", "TrafficExtension"],
        ["gateway.networking.k8s.io"] =
        [
            "GatewayClass", "Gateway", "HTTPRoute", "GRPCRoute", "TLSRoute", "TCPRoute", "UDPRoute", "ReferenceGrant", "BackendTLSPolicy", "ListenerSet",
        ],
    }.ToFrozenDictionary();

    /// <summary>Kubernetes' own kinds that live in the same files and that mean nothing to a mesh.</summary>
    private static readonly FrozenDictionary<string, string[]> Skipped = new Dictionary<string, string[]>
    {
        [""] =
        [
            "Namespace", "ConfigMap", "Secret", "ServiceAccount", "Pod", "PodTemplate", "ReplicationController", "Node", "Endpoints", "Event",
            "PersistentVolume", "PersistentVolumeClaim", "LimitRange", "ResourceQuota",
        ],
        ["apps"] = ["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "ControllerRevision"],
        ["batch"] = ["Job", "CronJob"],
        ["autoscaling"] = ["HorizontalPodAutoscaler"],
        ["policy"] = ["PodDisruptionBudget"],
        ["rbac.authorization.k8s.io"] = ["Role", "RoleBinding", "ClusterRole", "ClusterRoleBinding"],
        ["networking.k8s.io"] = ["Ingress", "IngressClass", "NetworkPolicy"],
        ["storage.k8s.io"] = ["StorageClass", "VolumeAttachment", "CSIDriver", "CSINode"],
        ["scheduling.k8s.io"] = ["PriorityClass"],
        ["discovery.k8s.io"] = ["EndpointSlice"],
        ["coordination.k8s.io"] = ["Lease"],
        ["apiextensions.k8s.io"] = ["CustomResourceDefinition"],
        ["apiregistration.k8s.io"] = ["APIService"],
        ["admissionregistration.k8s.io"] = ["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration", "ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding"],
        ["kustomize.config.k8s.io"] = ["Kustomization", "Component"],
    }.ToFrozenDictionary();

    public static KindReader? FindReader(string group, string kind) => Readers.GetValueOrDefault((group, kind));

    public static bool IsUnsupported(string group, string kind) => Unsupported.TryGetValue(group, out var kinds) && kinds.Contains(kind);

    public static bool IsSkipped(string group, string kind) => Skipped.TryGetValue(group, out var kinds) && kinds.Contains(kind);

    /// <summary>A hint for a kind that is none of these.</summary>
    public static string? Suggest(string group, string kind)
    {
        foreach (var ((knownGroup, knownKind), reader) in Readers)
        {
            if (knownKind == kind && knownGroup != group)
            {
                return $"did you mean apiVersion: {(knownGroup.Length == 0 ? "" : knownGroup + "/")}{reader.Versions[^1]}?";
            }
        }

        var kinds = Readers.Keys.Where(k => k.Group == group).Select(k => k.Kind)
            .Concat(Unsupported.GetValueOrDefault(group) ?? [])
            .Concat(Skipped.GetValueOrDefault(group) ?? []);
        return Suggestion.Nearest(kind, kinds) is { } nearest ? $"did you mean kind: {nearest}?" : null;
    }
}
