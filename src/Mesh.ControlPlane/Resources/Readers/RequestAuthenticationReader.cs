using ProxylessMesh.ControlPlane.Validation;
using ProxylessMesh.ControlPlane.Yaml;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.ControlPlane.Resources.Readers;

/// <summary>RequestAuthentication (security.istio.io).</summary>
internal static class RequestAuthenticationReader
{
    // Gateways and waypoints are attached to by reference, and there is none inside an application.
    private static readonly KnownFields Fields = new(Unsupported: ["targetRef", "targetRefs"], NotApplied: [], Irrelevant: []);

    public static MeshObject? Read(ObjectMeta meta, YamlObject spec)
    {
        var selector = EquatableMap.Empty;
        if (spec.Object("selector") is { } item)
        {
            selector = item.Labels("matchLabels");
            item.Close(KnownFields.None);
        }

        var rules = new List<JwtRule>();
        foreach (var rule in spec.Objects("jwtRules"))
        {
            if (JwtRuleReader.Read(rule) is { } read)
            {
                CheckLocations(rule, read, rules);
                rules.Add(read);
            }
        }

        spec.Close(Fields);
        return new RequestAuthentication(meta, selector, rules.ToEquatableArray());
    }

    /// <summary>Two rules for one issuer: only one of them could ever accept a token of both.</summary>
    private static void CheckLocations(YamlObject rule, JwtRule read, List<JwtRule> before)
    {
        var twin = before.FindIndex(r => r.Issuer == read.Issuer);
        if (twin >= 0)
        {
            rule.Problems.Warning(
                rule.PositionOf("issuer"), ProblemCodes.JwtIssuerTwice, $"{rule.PathOf("issuer")} {Quoted.Of(read.Issuer)} stands in spec.jwtRules[{twin}] too: a token passes when one of the rules accepts it", "put the audiences and places of an issuer into one rule");
        }
    }
}
