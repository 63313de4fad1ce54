namespace ProxylessMesh.Xds.Config;

/// <summary>uri_template: <c>*</c> is one segment, <c>**</c> any number of them (Envoy, UriTemplateMatchConfig).</summary>
internal sealed record RbacPathTemplateConfig(string Template) : RbacConditionConfig;
