using ProxylessMesh.ControlPlane.Validation;
using ProxylessMesh.ControlPlane.Yaml;

namespace ProxylessMesh.ControlPlane.Resources.Readers;

/// <summary>Ports of one Service or ServiceEntry differ in number and in name.</summary>
internal static class PortRules
{
    public static bool IsNew(YamlObject item, ServicePort port, IReadOnlyList<ServicePort> before)
    {
        foreach (var other in before)
        {
            if (other.Number == port.Number)
            {
                item.Problems.Error(item.Position, ProblemCodes.Conflict, $"{item.Path}: port {port.Number} stands twice (first at line {other.Position.Line})");
                return false;
            }

            if (other.Name == port.Name && port.Name.Length > 0)
            {
                item.Problems.Error(item.Position, ProblemCodes.Conflict, $"{item.Path}: the port name {Quoted.Of(port.Name)} stands twice (first at line {other.Position.Line})");
                return false;
            }
        }

        return true;
    }
}
