namespace ProxylessMesh.Xds.Config;

/// <summary>A ValueMatcher (value.proto): a predicate of a JSON-like value.</summary>
internal abstract record ValueMatchConfig;
