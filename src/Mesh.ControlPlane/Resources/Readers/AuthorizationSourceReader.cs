using ProxylessMesh.ControlPlane.Validation;
using ProxylessMesh.ControlPlane.Yaml;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.ControlPlane.Resources.Readers;

/// <summary>rules[].from[].source.</summary>
internal static class AuthorizationSourceReader
{
    private const int MaxServiceAccounts = 16;

    public static AuthorizationSource Read(YamlObject source, string @namespace)
    {
        var result = new AuthorizationSource
        {
            Principals = MatchValuesReader.Read(source, "principals", AuthorizationValueRules.Principal),
            RequestPrincipals = MatchValuesReader.Read(source, "requestPrincipals"),
            Namespaces = MatchValuesReader.Read(source, "namespaces"),
            ServiceAccounts = InNamespace(MatchValuesReader.Read(source, "serviceAccounts", AuthorizationValueRules.ServiceAccount), @namespace),
            TrustDomains = MatchValuesReader.Read(source, "trustDomains"),
            IpBlocks = MatchValuesReader.Read(source, "ipBlocks", AuthorizationValueRules.IpBlock),
            RemoteIpBlocks = MatchValuesReader.Read(source, "remoteIpBlocks", AuthorizationValueRules.IpBlock),
        };
        if (!result.ServiceAccounts.IsEmpty && !(result.Principals.IsEmpty && result.Namespaces.IsEmpty))
        {
            source.Problems.Error(source.Position, ProblemCodes.Conflict, $"{source.Path}: serviceAccounts cannot stand beside principals or namespaces");
        }

        if (result.ServiceAccounts.Values.Count > MaxServiceAccounts || result.ServiceAccounts.NotValues.Count > MaxServiceAccounts)
        {
            source.Problems.Error(source.Position, ProblemCodes.InvalidValue, $"{source.Path}.serviceAccounts: at most {MaxServiceAccounts}");
        }

        return result;
    }

    private static MatchValues InNamespace(MatchValues accounts, string @namespace)
    {
        return accounts.IsEmpty ? accounts : new MatchValues(Qualified(accounts.Values), Qualified(accounts.NotValues));

        EquatableArray<string> Qualified(EquatableArray<string> values) =>
            values.Select(v => v.Contains('/', StringComparison.Ordinal) ? v : $"{@namespace}/{v}").ToEquatableArray();
    }
}
