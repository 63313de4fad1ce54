using ProxylessMesh.ControlPlane.Resources;

namespace ProxylessMesh.ControlPlane.Yaml;

/// <summary>Text as written, and the type that a plain (unquoted) text means in YAML.</summary>
internal sealed class YamlScalar(SourcePosition position, string text, ScalarType type) : YamlNode(position, depth: 1, size: 1)
{
    public string Text { get; } = text;

    public ScalarType Type { get; } = type;

    public override string Description => Type switch
    {
        ScalarType.Null => "nothing",
        ScalarType.Boolean => "a boolean",
        ScalarType.Integer or ScalarType.Float => "a number",
        _ => "text",
    };
}
