namespace ProxylessMesh.Xds.Config;

/// <summary>One query parameter predicate. A null <paramref name="Value"/> asks for presence (or absence) only.</summary>
internal sealed record QueryMatchConfig(string Name, StringMatchConfig? Value, bool Present = true);
