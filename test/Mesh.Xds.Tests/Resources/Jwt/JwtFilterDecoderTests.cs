using Envoy.Config.Core.V3;
using Envoy.Config.Listener.V3;
using Envoy.Config.Route.V3;
using Envoy.Extensions.Filters.Http.JwtAuthn.V3;
using Envoy.Extensions.Filters.Network.HttpConnectionManager.V3;
using Envoy.Type.Matcher.V3;
using Google.Protobuf.WellKnownTypes;
using ProxylessMesh.Testing;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Resources;
using ProxylessMesh.Xds.Resources.Jwt;

namespace ProxylessMesh.Xds.Tests.Resources.Jwt;

public sealed class JwtFilterDecoderTests
{
    private const string NoKeys = "{\"keys\":[]}";
    private const string Provider = "typed_config.providers[\"p\"]";

    private static readonly Dictionary<string, (Action<JwtAuthentication> Break, string Error)> Broken = new()
    {
        ["filter state"] = (f => f.FilterStateRules = new FilterStateRule(), "typed_config.filter_state_rules: is not supported"),
        ["remote keys of nowhere"] = (f => f.Providers["p"].RemoteJwks = new RemoteJwks(), $"{Provider}.remote_jwks.http_uri: is missing"),
        ["remote keys of no time"] = (f => f.Providers["p"].RemoteJwks = Remote(r => r.HttpUri.Timeout = null), $"{Provider}.remote_jwks.http_uri.timeout: is missing"),
        ["remote keys in a file"] = (f => f.Providers["p"].RemoteJwks = Remote(r => r.HttpUri.Uri = "file:///etc/keys"), $"{Provider}.remote_jwks.http_uri.uri: \"file:///etc/keys\" is no http"),
        ["remote keys of a user"] = (f => f.Providers["p"].RemoteJwks = Remote(r => r.HttpUri.Uri = "http://me:secret@keys.prod/"), $"{Provider}.remote_jwks.http_uri.uri: "),
        ["remote keys of a subset"] = (f => f.Providers["p"].RemoteJwks = Remote(r => r.HttpUri.Cluster = "outbound|80|v1|keys.prod"), $"{Provider}.remote_jwks.http_uri.cluster: "),
        ["remote keys of another host"] = (
            f => f.Providers["p"].RemoteJwks = Remote(r => r.HttpUri = new HttpUri { Uri = "https://keys.test/", Cluster = "outbound|443||other.test", Timeout = r.HttpUri.Timeout }),
            $"{Provider}.remote_jwks.http_uri.cluster: \"outbound|443||other.test\" leads elsewhere"),
        ["remote keys all the time"] = (f => f.Providers["p"].RemoteJwks = Remote(r => r.CacheDuration = Duration.FromTimeSpan(TimeSpan.FromMilliseconds(1))), $"{Provider}.remote_jwks.cache_duration: must be 1 s"),
        ["remote keys again and again"] = (f => f.Providers["p"].RemoteJwks = Remote(r => r.RetryPolicy = new() { NumRetries = 11 }), $"{Provider}.remote_jwks.retry_policy.num_retries: is more than 10"),
        ["remote keys on some errors"] = (f => f.Providers["p"].RemoteJwks = Remote(r => r.RetryPolicy = new() { RetryOn = "reset" }), $"{Provider}.remote_jwks.retry_policy.retry_on: is not supported"),
        ["no keys"] = (f => f.Providers["p"].LocalJwks = null, $"{Provider}.jwks_source_specifier: is missing"),
        ["keys in a file"] = (f => f.Providers["p"].LocalJwks = new DataSource { Filename = "/etc/keys" }, $"{Provider}.local_jwks.specifier: must be inline"),
        ["broken keys"] = (f => f.Providers["p"].LocalJwks.InlineString = "x", $"{Provider}.local_jwks: is not a JSON object"),
        ["header in metadata"] = (f => f.Providers["p"].HeaderInMetadata = "h", $"{Provider}.header_in_metadata: is not supported"),
        ["failure in metadata"] = (f => f.Providers["p"].FailedStatusInMetadata = "h", $"{Provider}.failed_status_in_metadata: is not supported"),
        ["new routes"] = (f => f.Providers["p"].ClearRouteCache = true, $"{Provider}.clear_route_cache: is not supported"),
        ["payload elsewhere"] = (f => f.Providers["p"].PayloadInMetadata = "x", $"{Provider}.payload_in_metadata: \"x\" is not supported"),
        ["nameless header"] = (f => f.Providers["p"].FromHeaders.Add(new JwtHeader()), $"{Provider}.from_headers[0].name: must not be empty"),
        ["bad header"] = (f => f.Providers["p"].FromHeaders.Add(new JwtHeader { Name = "a b" }), $"{Provider}.from_headers[0].name: \"a b\" is not the name of a header"),
        ["bad payload header"] = (f => f.Providers["p"].ForwardPayloadHeader = "a:b", $"{Provider}.forward_payload_header: \"a:b\" is not"),
        ["nameless parameter"] = (f => f.Providers["p"].FromParams.Add(""), $"{Provider}.from_params: must not be empty"),
        ["claim without header"] = (f => f.Providers["p"].ClaimToHeaders.Add(new JwtClaimToHeader { ClaimName = "a" }), $"{Provider}.claim_to_headers[0]: header_name and claim_name"),
        ["subject of nothing"] = (f => f.Providers["p"].Subjects = new StringMatcher(), $"{Provider}.subjects: match_pattern is missing"),
        ["zero lifetime"] = (f => f.Providers["p"].MaxLifetime = new Duration(), $"{Provider}.max_lifetime: must be more than 0"),
        ["rule without match"] = (f => f.Rules[0].Match = null, "typed_config.rules[0].match: is missing"),
        ["rule by header"] = (f => f.Rules[0].Match.Headers.Add(new HeaderMatcher { Name = "a", PresentMatch = true }), "typed_config.rules[0].match.headers: is not supported"),
        ["unknown provider"] = (f => f.Rules[0].Requires = new JwtRequirement { ProviderName = "q" }, "typed_config.rules[0].requires: \"q\" is not in providers"),
        ["unknown requirement"] = (f => f.Rules[0].RequirementName = "q", "typed_config.rules[0].requirement_name: \"q\" is not in requirement_map"),
        ["extract only"] = (
            f => f.Rules[0].Requires = new JwtRequirement { ExtractOnlyWithoutValidation = new ExtractOnlyWithoutValidation() },
            "typed_config.rules[0].requires.extract_only_without_validation: is not supported"),
        ["any of one"] = (
            f => f.Rules[0].Requires = new JwtRequirement { RequiresAny = new JwtRequirementOrList { Requirements = { new JwtRequirement { ProviderName = "p" } } } },
            "typed_config.rules[0].requires.requires_any: must have at least 2 requirements"),
    };

    public static TheoryData<string> BrokenNames => [.. Broken.Keys];

    [Theory]
    [MemberData(nameof(BrokenNames))]
    public void Refuses(string name)
    {
        var message = Istio();
        Broken[name].Break(message);
        var (_, errors) = Decode(message);
        Assert.StartsWith(Broken[name].Error, Assert.Single(errors), StringComparison.Ordinal);
    }

    [Fact]
    public void Reads_what_Istio_sends()
    {
        var (config, errors) = Decode(Istio());

        Assert.Empty(errors);
        Assert.True(config.BypassCorsPreflight);
        Assert.Equal(
            new JwtRuleConfig(
                new PathMatchConfig(PathMatchKind.Prefix, "/"),
                new JwtAnyOfRequirementConfig([new JwtTokenRequirementConfig("p"), new JwtOptionalRequirementConfig(EvenIfInvalid: false)])),
            Assert.Single(config.Rules));
        var provider = Assert.Single(config.Providers);
        Assert.Equal(("p", "https://a.test", NoKeys), (provider.Name, provider.Issuer, provider.KeySet));
        Assert.Equal(TimeSpan.FromSeconds(60), provider.ClockSkew);
        Assert.Equal(["scope"], provider.SpaceDelimitedClaims);
        Assert.True(provider.PublishesPayload);
    }

    [Fact]
    public void Reads_the_other_fields()
    {
        using var issuer = new TestIssuer();
        var message = Istio();
        message.RequirementMap["named"] = new JwtRequirement { ProviderAndAudiences = new ProviderWithAudiences { ProviderName = "p", Audiences = { "a" } } };
        message.Rules[0].RequirementName = "named";
        message.Rules.Add(new RequirementRule { Match = new RouteMatch { Path = "/open" } });
        message.StripFailureResponse = true;
        var sent = message.Providers["p"];
        sent.LocalJwks = new DataSource { InlineBytes = Google.Protobuf.ByteString.CopyFromUtf8(issuer.KeySet) };
        sent.ClockSkewSeconds = 5;
        sent.RequireExpiration = true;
        sent.MaxLifetime = Duration.FromTimeSpan(TimeSpan.FromHours(1));
        sent.Subjects = new StringMatcher { Prefix = "user-" };
        sent.JwtCacheConfig = new JwtCacheConfig { JwtCacheSize = 7 };
        sent.PayloadInMetadata = "";

        var (config, errors) = Decode(message);

        Assert.Empty(errors);
        Assert.True(config.StripFailureResponse);
        Assert.Equal(new JwtTokenRequirementConfig("p", (EquatableArray<string>)["a"]), config.Rules[0].Requirement);
        Assert.Null(config.Rules[1].Requirement);
        var provider = Assert.Single(config.Providers);
        Assert.Equal((issuer.KeySet, TimeSpan.FromSeconds(5), true, TimeSpan.FromHours(1), 7, false), (provider.KeySet, provider.ClockSkew, provider.RequireExpiration, provider.MaxLifetime!.Value, provider.CacheSize, provider.PublishesPayload));
        Assert.Equal(new StringMatchConfig(StringMatchKind.Prefix, "user-"), provider.Subject);
    }

    [Fact]
    public void Requirements_are_not_nested_without_end()
    {
        var requirement = new JwtRequirement { ProviderName = "p" };
        for (var i = 0; i < 20; i++)
        {
            requirement = new JwtRequirement { RequiresAll = new JwtRequirementAndList { Requirements = { requirement, new JwtRequirement { ProviderName = "p" } } } };
        }

        var message = Istio();
        message.Rules[0].Requires = requirement;
        Assert.Contains(Decode(message).Errors, e => e.Contains("nested deeper", StringComparison.Ordinal));
    }

    [Fact]
    public void Reads_where_remote_keys_are_and_how_they_are_fetched()
    {
        var message = Istio();
        message.Providers["p"].RemoteJwks = Remote(r =>
        {
            r.CacheDuration = Duration.FromTimeSpan(TimeSpan.FromMinutes(5));
            r.AsyncFetch = new JwksAsyncFetch { FastListener = true, FailedRefetchDuration = Duration.FromTimeSpan(TimeSpan.FromSeconds(3)) };
            r.RetryPolicy = new() { NumRetries = 2, RetryBackOff = new BackoffStrategy { BaseInterval = Duration.FromTimeSpan(TimeSpan.FromSeconds(2)) } };
        });

        var (config, errors) = Decode(message);

        Assert.Empty(errors);
        var expected = new RemoteKeySetConfig("keys.prod.svc.cluster.local", 8000, "/jwks?x=1")
        {
            Timeout = TimeSpan.FromSeconds(5),
            CacheDuration = TimeSpan.FromMinutes(5),
            RefetchDelay = TimeSpan.FromSeconds(3),
            Retries = 2,
            BackOff = TimeSpan.FromSeconds(2),
            MaxBackOff = TimeSpan.FromSeconds(20),
        };
        Assert.Equal((expected, NoKeys), (config.Providers[0].Remote, config.Providers[0].KeySet));

        message.Providers["p"].RemoteJwks = Remote(r => r.HttpUri = new HttpUri { Uri = "https://keys.test/jwks", Cluster = "outbound|443||keys.test", Timeout = r.HttpUri.Timeout });
        var secure = Decode(message).Config.Providers[0].Remote!;
        Assert.Equal(("https://keys.test:443/jwks", TimeSpan.FromMinutes(10), TimeSpan.FromSeconds(1), 0), (secure.ToString(), secure.CacheDuration, secure.RefetchDelay, secure.Retries));
    }

    private static RemoteJwks Remote(Action<RemoteJwks>? change = null)
    {
        var remote = new RemoteJwks
        {
            HttpUri = new HttpUri
            {
                Uri = "http://keys.prod:8000/jwks?x=1",
                Cluster = "outbound|8000||keys.prod.svc.cluster.local",
                Timeout = Duration.FromTimeSpan(TimeSpan.FromSeconds(5)),
            },
        };
        change?.Invoke(remote);
        return remote;
    }

    private static JwtAuthentication Istio() => new()
    {
        BypassCorsPreflight = true,
        Providers =
        {
            ["p"] = new JwtProvider
            {
                Issuer = "https://a.test",
                PayloadInMetadata = "payload",
                LocalJwks = new DataSource { InlineString = NoKeys },
                NormalizePayloadInMetadata = new JwtProvider.Types.NormalizePayload { SpaceDelimitedClaims = { "scope" } },
            },
        },
        Rules =
        {
            new RequirementRule
            {
                Match = new RouteMatch { Prefix = "/" },
                Requires = new JwtRequirement
                {
                    RequiresAny = new JwtRequirementOrList { Requirements = { new JwtRequirement { ProviderName = "p" }, new JwtRequirement { AllowMissing = new Empty() } } },
                },
            },
        },
    };

    private static (JwtFilterConfig Config, IReadOnlyList<string> Errors) Decode(JwtAuthentication message)
    {
        var context = new DecodeContext();
        var config = JwtFilterDecoder.Decode(new HttpFilter { Name = "jwt", TypedConfig = Any.Pack(message) }, context);
        return (Assert.IsType<JwtFilterConfig>(config), context.Errors);
    }
}
