using ProxylessMesh.ControlPlane.Model;

namespace ProxylessMesh.ControlPlane.Translation.Authorization;

/// <summary>What the meaning of a rule depends on besides the rule.</summary>
/// <param name="Settings">Trust domains.</param>
/// <param name="Profile">What the workload's library understands.</param>
/// <param name="Namespace">Of the policy.</param>
/// <param name="Refuses">Whether a match ends the request (or is only noted): then a rule in doubt matches, else it does not.</param>
internal sealed record RuleContext(MeshSettings Settings, ProxyProfile Profile, string Namespace, bool Refuses)
{
    /// <summary>Whether connections are judged, which have nothing of what requests have.</summary>
    public bool IsTcp { get; init; }

    /// <summary>
    /// Whether a matcher should rather take too much than too little: what a policy refuses, and the exceptions of what it
    /// allows. Such matchers of paths see the spellings that ASP.NET's routing takes for the same as one.
    /// </summary>
    public bool IsWide(bool negated) => Refuses != negated && Profile == ProxyProfile.Mesh;
}
