using ProxylessMesh.ControlPlane.Validation;
using ProxylessMesh.ControlPlane.Yaml;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.ControlPlane.Resources.Readers;

/// <summary>RequestAuthentication (security.istio.io).</summary>
internal static class RequestAuthenticationReader
{
    public static MeshObject? Read(ObjectMeta meta, YamlObject spec)
    {
        var selector = EquatableMap.Empty;
        if (spec.Object("selector") is { } item)
        {
            selector = item.Labels("matchLabels");
            item.Close(KnownFields.None);
        }

        var rules = new List<JwtRule>();
        var issuers = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var rule in spec.Objects("jwtRules"))
        {
            if (JwtRuleReader.Read(rule) is { } read)
            {
                WarnOfTwin(rule, read.Issuer, issuers);
                rules.Add(read);
            }
        }

        PolicyTargetReader.Refuse(spec);
        spec.Close(KnownFields.None);
        return new RequestAuthentication(meta, selector, rules.ToEquatableArray());
    }

    private static void WarnOfTwin(YamlObject rule, string issuer, Dictionary<string, string> pathsByIssuer)
    {
        if (!pathsByIssuer.TryAdd(issuer, rule.Path))
        {
            rule.Problems.Warning(
                rule.PositionOf("issuer"), ProblemCodes.JwtIssuerTwice, $"{rule.PathOf("issuer")} {Quoted.Of(issuer)} stands in {pathsByIssuer[issuer]} too: a token passes when one of the rules accepts it", "put the audiences and places of an issuer into one rule");
        }
    }
}
