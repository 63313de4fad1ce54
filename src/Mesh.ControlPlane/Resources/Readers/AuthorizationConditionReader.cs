using ProxylessMesh.ControlPlane.Validation;
using ProxylessMesh.ControlPlane.Yaml;

namespace ProxylessMesh.ControlPlane.Resources.Readers;

/// <summary>rules[].when[]: a key of Istio's "Authorization Policy Conditions".</summary>
internal static class AuthorizationConditionReader
{
    private static readonly Dictionary<string, Action<YamlObject, string, string>?> Keys = new(StringComparer.Ordinal)
    {
        ["source.ip"] = AuthorizationValueRules.IpBlock,
        ["remote.ip"] = AuthorizationValueRules.IpBlock,
        ["source.namespace"] = null,
        ["source.principal"] = AuthorizationValueRules.Principal,
        ["source.serviceAccount"] = AuthorizationValueRules.ServiceAccount,
        ["source.trustDomain"] = null,
        ["request.auth.principal"] = null,
        ["request.auth.audiences"] = null,
        ["request.auth.presenter"] = null,
        ["destination.ip"] = AuthorizationValueRules.IpBlock,
        ["destination.port"] = AuthorizationValueRules.Port,
        ["connection.sni"] = null,
    };

    public static AuthorizationCondition? Read(YamlObject item)
    {
        var key = item.RequiredString("key") ?? "";
        var known = Keys.TryGetValue(key, out var rule);
        var values = MatchValuesReader.Read(item, "values", "notValues", rule);
        item.Close(KnownFields.None);
        if (key.Length == 0)
        {
            return null;
        }

        if (!known && Problem(key) is { } problem)
        {
            var nearest = Suggestion.Nearest(key, Keys.Keys);
            item.Problems.Error(item.PositionOf("key"), ProblemCodes.InvalidValue, $"{item.PathOf("key")} {Quoted.Of(key)} {problem}", nearest is null ? null : $"did you mean {nearest}?");
        }

        if (values.IsEmpty)
        {
            item.Problems.Error(item.Position, ProblemCodes.Missing, $"{item.Path} has neither values nor notValues");
        }

        return new AuthorizationCondition(key, values);
    }

    private static string? Problem(string key)
    {
        if (AuthorizationKeys.HeaderOf(key) is { } header)
        {
            // gRFC A41: nobody can match these.
            return header.StartsWith("grpc-", StringComparison.OrdinalIgnoreCase) ? "is gRPC's own header and cannot be matched"
                : HeaderNameRules.IsName(header) ? null
                : "does not name a header";
        }

        return AuthorizationKeys.ClaimOf(key) is null ? "is not a key of Istio's authorization conditions" : null;
    }
}
