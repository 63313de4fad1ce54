using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using ProxylessMesh.Server.Tests.Fixture;
using ProxylessMesh.Testing;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Server.Tests.Filters;

/// <summary>typed_per_filter_config of the one route that a server has: the most specific level wins.</summary>
public sealed class RouteOverrideTests : IDisposable
{
    private static readonly RbacRulesConfig Nobody = new(RbacAction.Allow, []);

    private readonly TestIssuer _issuer = new();

    public void Dispose() => _issuer.Dispose();

    [Fact]
    public async Task Rules_of_the_route_replace_those_of_the_filter()
    {
        var closed = new RbacFilterConfig("rbac", Nobody, null);
        var open = new RbacFilterConfig("rbac", null, null);

        Assert.Equal(403, await StatusAsync(closed, []));
        Assert.Equal(200, await StatusAsync(closed, [open]));
        Assert.Equal(403, await StatusAsync(open, [closed]));
        Assert.Equal(200, await StatusAsync(closed, [open], onHost: [closed]));
        Assert.Equal(403, await StatusAsync(open, [], onHost: [closed]));
    }

    [Fact]
    public async Task A_filter_of_any_kind_can_be_switched_off()
    {
        var off = new FaultFilterConfig("rbac", null);

        Assert.Equal(200, await StatusAsync(new RbacFilterConfig("rbac", Nobody, null), [off]));
    }

    [Fact]
    public async Task A_route_asks_for_another_token_or_for_none()
    {
        var provider = new JwtProviderConfig("p", _issuer.Issuer, _issuer.KeySet);
        var jwt = new JwtFilterConfig("jwt")
        {
            Providers = [provider],
            Rules = [new JwtRuleConfig(new PathMatchConfig(PathMatchKind.Prefix, "/"), new JwtTokenRequirementConfig("p"))],
            Named =
            [
                new JwtNamedRequirementConfig("lax", new JwtOptionalRequirementConfig(EvenIfInvalid: true)),
                new JwtNamedRequirementConfig("strict", new JwtTokenRequirementConfig("p")),
            ],
        };

        Assert.Equal(401, await StatusAsync(jwt, []));
        Assert.Equal(200, await StatusAsync(jwt, [new JwtOverrideConfig("jwt", null)]));
        Assert.Equal(200, await StatusAsync(jwt, [new JwtOverrideConfig("jwt", "lax")]));
        Assert.Equal(401, await StatusAsync(jwt with { Rules = [] }, [new JwtOverrideConfig("jwt", "strict")]));
    }

    [Fact]
    public async Task A_limit_of_the_route_replaces_that_of_the_filter()
    {
        var none = new LocalRateLimitConfig { Default = new TokenBucketConfig(1, 1, TimeSpan.FromHours(1)), EnabledPerMillion = 1_000_000, EnforcedPerMillion = 1_000_000 };
        var off = none with { EnabledPerMillion = 0 };

        Assert.Equal(429, await StatusAsync(new LocalRateLimitFilterConfig("limit", none), [], calls: 2));
        Assert.Equal(200, await StatusAsync(new LocalRateLimitFilterConfig("limit", none), [new LocalRateLimitFilterConfig("limit", off)], calls: 2));
    }

    [Fact]
    public async Task External_authorization_can_be_switched_off()
    {
        var external = new ExternalAuthorizationFilterConfig("ext", new ExternalAuthorizationConfig { Grpc = new GrpcServiceConfig("127.0.0.1", 1) });

        Assert.Equal(403, await StatusAsync(external, []));
        Assert.Equal(200, await StatusAsync(external, [new ExternalAuthorizationFilterConfig("ext", null)]));
    }

    private static async Task<int> StatusAsync(HttpFilterConfig filter, HttpFilterConfig[] onRoute, HttpFilterConfig[]? onHost = null, int calls = 1)
    {
        var route = new RouteEntryConfig("all", new RouteMatchConfig(new PathMatchConfig(PathMatchKind.Prefix, "/"), [], [], null), new NonForwardingActionConfig())
        {
            FilterOverrides = [.. onRoute],
        };
        var routes = new RouteConfig("inbound", [new VirtualHostConfig("all", ["*"], [route]) { FilterOverrides = [.. onHost ?? []] }]);
        await using var app = await MeshApp.StartAsync(new ScriptedMesh(name => Listeners.Routed(name, routes, filter)));
        using var client = Callers.Plaintext(app, HttpVersion.Version11);
        var status = 0;
        for (var i = 0; i < calls; i++)
        {
            using var answer = await client.GetAsync("/whoami");
            status = (int)answer.StatusCode;
        }

        return status;
    }
}
