namespace ProxylessMesh.ControlPlane.Yaml;

/// <summary>Types of YAML's core schema.</summary>
internal enum ScalarType
{
    Text,
    Null,
    Boolean,
    Integer,
    Float,
}
