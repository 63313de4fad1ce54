using Envoy.Config.Rbac.V3;
using ProxylessMesh.ControlPlane.Resources;

namespace ProxylessMesh.ControlPlane.Translation.Authorization;

/// <summary>What must all hold, being collected.</summary>
internal sealed class ClauseList<T>(RuleContext context)
{
    public RuleContext Context { get; } = context;

    public List<T> Items { get; } = [];

    /// <summary>Whether it holds for no request.</summary>
    public bool IsImpossible { get; private set; }

    /// <summary>
    /// An attribute that the workload's library cannot see, or that connections do not have. What allows must not take it as given, what refuses does without it
    /// (Istio, "Authorization Policy": unsupported attributes).
    /// </summary>
    public void AddUnknown() => IsImpossible |= !Context.Refuses;
}
