using Envoy.Config.Core.V3;
using Envoy.Extensions.Filters.Http.JwtAuthn.V3;
using Envoy.Extensions.Filters.Network.HttpConnectionManager.V3;
using Google.Protobuf.WellKnownTypes;
using ProxylessMesh.ControlPlane.JsonWebKeys;
using ProxylessMesh.ControlPlane.Model;
using ProxylessMesh.ControlPlane.Resources;
using ProxylessMesh.ControlPlane.Translation.Routes;
using JwtRule = ProxylessMesh.ControlPlane.Resources.JwtRule;

namespace ProxylessMesh.ControlPlane.Translation.Jwt;

/// <summary>
/// RequestAuthentication as Envoy's jwt_authn, in the shape that Istio gives it: a token that is there must be valid, and no token
/// is no fault. The keys travel along.
/// </summary>
internal static class JwtFilters
{
    private const string Name = "envoy.filters.http.jwt_authn";

    // Istio reads them as lists of words whether told so or not.
    private static readonly string[] AlwaysSpaceDelimited = ["scope", "permission"];

    /// <summary>Null: nothing asks for tokens, or the client is a plain gRPC server, which cannot look at any.</summary>
    public static HttpFilter? Build(MeshModel model, ProxyView proxy)
    {
        if (proxy.Profile != ProxyProfile.Mesh || Rules(model, proxy) is not { Count: > 0 } rules)
        {
            return null;
        }

        var filter = new JwtAuthentication { BypassCorsPreflight = true };
        var eachOrMissing = new JwtRequirementAndList();
        var any = new JwtRequirementOrList();
        for (var i = 0; i < rules.Count; i++)
        {
            var name = $"origins-{i}";
            filter.Providers[name] = Provider(rules[i], model.KeySets);
            var token = new JwtRequirement { ProviderName = name };
            any.Requirements.Add(token);
            eachOrMissing.Requirements.Add(new JwtRequirement
            {
                RequiresAny = new JwtRequirementOrList { Requirements = { token.Clone(), new JwtRequirement { AllowMissing = new Empty() } } },
            });
        }

        filter.Rules.Add(new RequirementRule { Match = RouteMatchBuilder.All(), Requires = Requirement(any, eachOrMissing) });
        return new HttpFilter { Name = Name, TypedConfig = Any.Pack(filter) };
    }

    // All policies that select the workload count together (Istio, "RequestAuthentication"). By issuer: that order is the same
    // whatever order the policies have.
    private static List<JwtRule> Rules(MeshModel model, ProxyView proxy) =>
        [.. model.RequestAuthentications.Applying(proxy.Namespace, proxy.Labels).SelectMany(p => p.Rules).Distinct().OrderBy(r => r.Issuer, StringComparer.Ordinal)];

    // With several issuers whose tokens stand in the same place, each but one would call the token that of a stranger: so any
    // valid token will do, or none at all.
    private static JwtRequirement Requirement(JwtRequirementOrList any, JwtRequirementAndList eachOrMissing)
    {
        if (eachOrMissing.Requirements.Count == 1)
        {
            return eachOrMissing.Requirements[0];
        }

        any.Requirements.Add(new JwtRequirement { RequiresAll = eachOrMissing });
        return new JwtRequirement { RequiresAny = any };
    }

    private static JwtProvider Provider(JwtRule rule, KeySets keys)
    {
        var provider = new JwtProvider
        {
            Issuer = rule.Issuer,
            Forward = rule.Forward,
            ForwardPayloadHeader = rule.PayloadHeader,
            PayloadInMetadata = "payload",
            NormalizePayloadInMetadata = new JwtProvider.Types.NormalizePayload(),
            LocalJwks = new DataSource { InlineString = rule.KeySet ?? keys.Of(rule) },
        };
        provider.Audiences.AddRange(rule.Audiences);
        provider.FromHeaders.AddRange(rule.Headers.Select(h => new JwtHeader { Name = h.Name, ValuePrefix = h.Prefix }));
        provider.FromParams.AddRange(rule.Parameters);
        provider.FromCookies.AddRange(rule.Cookies);
        provider.ClaimToHeaders.AddRange(rule.ClaimHeaders.Select(h => new JwtClaimToHeader { HeaderName = h.Header, ClaimName = h.Claim }));
        provider.NormalizePayloadInMetadata.SpaceDelimitedClaims.AddRange(AlwaysSpaceDelimited.Union(rule.SpaceDelimitedClaims));
        return provider;
    }
}
