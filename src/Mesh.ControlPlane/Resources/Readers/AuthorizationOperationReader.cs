using ProxylessMesh.ControlPlane.Yaml;

namespace ProxylessMesh.ControlPlane.Resources.Readers;

/// <summary>rules[].to[].operation.</summary>
internal static class AuthorizationOperationReader
{
    public static AuthorizationOperation Read(YamlObject operation) => new()
    {
        Hosts = MatchValuesReader.Read(operation, "hosts"),
        Ports = MatchValuesReader.Read(operation, "ports", AuthorizationValueRules.Port),
        Methods = MatchValuesReader.Read(operation, "methods", AuthorizationValueRules.Method),
        Paths = MatchValuesReader.Read(operation, "paths", AuthorizationValueRules.Path),
    };
}
