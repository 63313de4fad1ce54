using ProxylessMesh.ControlPlane.Registry;

namespace ProxylessMesh.ControlPlane.Discovery;

/// <summary>
/// A tool that asks on behalf of a workload, as <c>mesh explain</c> does, need not know its labels and locality: they are taken from
/// the registry. Nothing is given away by that: whoever may claim the name may claim any labels.
/// </summary>
internal static class RegisteredLikeness
{
    /// <summary>Of the node's metadata; the value is <c>true</c>.</summary>
    public const string MetadataKey = "AS_REGISTERED";

    /// <summary>By which workloads of one application are grouped (Istio, canonical service).</summary>
    private static readonly string[] s_names = ["service.istio.io/canonical-name", "app.kubernetes.io/name", "app"];

    /// <summary>The node as the workload of its name, else as the first of the application of its name; as it is when there is none.</summary>
    public static ClientNode Complete(ClientNode node, WorkloadRegistry registry)
    {
        if (!node.IsAsRegistered)
        {
            return node;
        }

        var name = node.View.WorkloadName;
        var like = registry.Current
            .Where(w => w.Namespace == node.View.Namespace && (w.Name == name || s_names.Any(label => w.Labels.Find(label) == name)))
            .OrderBy(w => w.Name != name)
            .ThenBy(w => w.Id, StringComparer.Ordinal)
            .FirstOrDefault();
        return like is null ? node : node with { View = node.View with { WorkloadName = like.Name, Labels = like.Labels, Locality = like.Locality } };
    }
}
