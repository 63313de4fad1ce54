namespace ProxylessMesh.ControlPlane.Yaml;

/// <summary>What one file may hold; more is refused, so that a hostile or mistaken file costs bounded time and memory.</summary>
/// <param name="MaxBytes">Size of the file.</param>
/// <param name="MaxDocuments">Documents between <c>---</c> lines.</param>
/// <param name="MaxDepth">Nesting of maps and lists, aliases followed.</param>
/// <param name="MaxNodes">Values in all, each alias counted with everything that it stands for ("billion laughs").</param>
internal sealed record YamlLimits(
    int MaxBytes = 4 * 1024 * 1024,
    int MaxDocuments = 5_000,
    int MaxDepth = 64,
    int MaxNodes = 500_000)
{
    public static YamlLimits Default { get; } = new();
}
