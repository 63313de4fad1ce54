using ProxylessMesh.Testing;

namespace ProxylessMesh.FunctionalTests.Fixture;

/// <summary>A fact that needs foreign programs.</summary>
public sealed class ToolFactAttribute : FactAttribute
{
    public ToolFactAttribute(params string[] tools) => Skip = ToolPresence.SkipReason(tools);
}
