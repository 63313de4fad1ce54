using ProxylessMesh.ControlPlane.Resources;

namespace ProxylessMesh.ControlPlane.Model;

/// <summary>What a client sees of the mesh, and what becomes of its calls to anything else.</summary>
/// <param name="Mode">For hosts that it does not see.</param>
/// <param name="Source">Who said so, for the reply to a blocked call.</param>
/// <param name="Hosts">Null: everything that is exported to it.</param>
internal sealed record ClientScope(OutboundTrafficMode Mode, string Source, EgressHosts? Hosts)
{
    public bool Includes(MeshService service) => Hosts?.Include(service) ?? true;
}
