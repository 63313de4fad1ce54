using ProxylessMesh.Testing;

namespace ProxylessMesh.FunctionalTests.Fixture;

/// <summary>A theory that needs foreign programs.</summary>
public sealed class ToolTheoryAttribute : TheoryAttribute
{
    public ToolTheoryAttribute(params string[] tools) => Skip = ToolPresence.SkipReason(tools);
}
