using System.Collections.Immutable;

namespace ProxylessMesh.Client.Telemetry;

/// <summary>The labels that say who calls: the same for all calls of a process.</summary>
internal sealed class SourceTags
{
    private const string Unknown = "unknown";
    private const string Cluster = "Kubernetes";

    private SourceTags(ImmutableArray<KeyValuePair<string, object?>> all) => All = all;

    public static SourceTags Unnamed { get; } = Of(new WorkloadOptions());

    public ImmutableArray<KeyValuePair<string, object?>> All { get; }

    /// <summary>Canonical name and revision as Istio derives them from labels (istio.io, Canonical Service).</summary>
    public static SourceTags Of(WorkloadOptions workload)
    {
        var name = string.IsNullOrWhiteSpace(workload.Name) ? Unknown : workload.Name;
        return new SourceTags(
        [
            new("reporter", "source"),
            new("source_workload", name),
            new("source_workload_namespace", workload.Namespace),
            new("source_app", Label("app") ?? Unknown),
            new("source_version", Label("version") ?? Unknown),
            new("source_cluster", Cluster),
            new("source_canonical_service", Label("service.istio.io/canonical-name") ?? Label("app.kubernetes.io/name") ?? Label("app") ?? name),
            new("source_canonical_revision", Label("service.istio.io/canonical-revision") ?? Label("app.kubernetes.io/version") ?? Label("version") ?? "latest"),

            // The side that knows is the destination's.
            new("connection_security_policy", Unknown),
        ]);

        string? Label(string key) => workload.Labels.TryGetValue(key, out var value) && value.Length > 0 ? value : null;
    }
}
