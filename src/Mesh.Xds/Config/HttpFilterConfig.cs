namespace ProxylessMesh.Xds.Config;

/// <summary>One HTTP filter of the chain by its instance name. Derived records carry the configuration of the kinds we know.</summary>
internal abstract record HttpFilterConfig(string Name);
