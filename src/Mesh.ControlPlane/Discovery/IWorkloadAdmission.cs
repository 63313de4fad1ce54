using ProxylessMesh.Xds.Identity;

namespace ProxylessMesh.ControlPlane.Discovery;

/// <summary>Decides what those who are connected may say of themselves.</summary>
internal interface IWorkloadAdmission
{
    /// <summary>One sentence on why the client is refused, or null. Asked when it connects, and again when the rules change.</summary>
    /// <param name="identity">Proven, or null.</param>
    /// <param name="node">What it says.</param>
    string? ProblemOf(SpiffeId? identity, ClientNode node);
}
