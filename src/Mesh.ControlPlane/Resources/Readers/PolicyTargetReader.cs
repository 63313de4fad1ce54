using ProxylessMesh.ControlPlane.Validation;
using ProxylessMesh.ControlPlane.Yaml;

namespace ProxylessMesh.ControlPlane.Resources.Readers;

/// <summary>
/// targetRef and targetRefs. In Istio they attach a policy to a gateway, or through a waypoint to a Service, and sidecars pass such a
/// policy over. Here are neither: passed over, it would protect nothing.
/// </summary>
internal static class PolicyTargetReader
{
    private static readonly string[] Fields = ["targetRef", "targetRefs"];

    public static void Refuse(YamlObject spec)
    {
        foreach (var field in Fields)
        {
            if (spec.Read(field) is { } targets)
            {
                spec.Problems.Error(
                    spec.PositionOf(field),
                    ProblemCodes.UnsupportedField,
                    $"{spec.PathOf(field)} attaches a policy to a Gateway of the Gateway API or to a waypoint, and this mesh has neither: each workload enforces its own policies",
                    IsService(targets)
                        ? "use selector.matchLabels with the labels that the Service selects"
                        : "use selector.matchLabels, or keep the object out of this folder");
            }
        }
    }

    private static bool IsService(YamlNode targets) => targets switch
    {
        YamlMapping target => target.Find("kind") is YamlScalar { Text: "Service" or "ServiceEntry" },
        YamlSequence list => list.Items.Any(IsService),
        _ => false,
    };
}
