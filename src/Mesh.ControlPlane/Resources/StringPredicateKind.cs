namespace ProxylessMesh.ControlPlane.Resources;

/// <summary>exact, prefix or regex (RE2, whole value).</summary>
internal enum StringPredicateKind
{
    Exact,
    Prefix,
    Regex,
}
