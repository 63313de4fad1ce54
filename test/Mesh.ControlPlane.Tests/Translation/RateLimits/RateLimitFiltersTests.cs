using Envoy.Extensions.Filters.Http.LocalRatelimit.V3;
using Envoy.Extensions.Filters.Network.HttpConnectionManager.V3;
using ProxylessMesh.ControlPlane.Model;
using ProxylessMesh.ControlPlane.Resources;
using ProxylessMesh.ControlPlane.Tests.Model;
using ProxylessMesh.ControlPlane.Tests.Resources;
using ProxylessMesh.ControlPlane.Translation;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Resources;
using ProxylessMesh.Xds.Resources.Listeners;
using RateLimit = Envoy.Extensions.Filters.Http.Ratelimit.V3.RateLimit;

namespace ProxylessMesh.ControlPlane.Tests.Translation.RateLimits;

public class RateLimitFiltersTests
{
    private const string Inbound = "xds.istio.io/grpc/lds/inbound/0.0.0.0:9080";
    private const string Service = "global: {domain: d, service: limits, port: 8081, descriptors: [{match: {methods: [GET]}, hits: 3, entries: [{key: user, header: x-user}]}]}";

    [Fact]
    public void A_local_limit_is_a_descriptor_with_a_bucket()
    {
        var filter = Assert.Single(Filters(Mesh.Of(Policy("p", "local: [{tokens: 5, per: 1s, burst: 9, by: [{source: identity}]}]"))));
        var limits = filter.TypedConfig.Unpack<LocalRateLimit>();

        Assert.Equal("envoy.filters.http.local_ratelimit.default.p", filter.Name);
        Assert.Equal("[ { \"key\": \"limit\", \"value\": \"0\" }, { \"key\": \"source_identity\" } ]", limits.Descriptors.Single().Entries.ToString());
        Assert.Equal((9u, 5u, 1L), (limits.Descriptors[0].TokenBucket.MaxTokens, limits.Descriptors[0].TokenBucket.TokensPerFill!.Value, limits.Descriptors[0].TokenBucket.FillInterval.Seconds));
        Assert.Null(limits.TokenBucket);
    }

    [Fact]
    public void Who_leaves_the_header_away_falls_under_a_rule_of_its_own() =>
        Assert.Equal(2, Assert.Single(Filters(Mesh.Of(Policy("p", "local: [{tokens: 5, per: 1s, by: [{header: x-user}]}]")))).TypedConfig.Unpack<LocalRateLimit>().RateLimits.Count);

    [Fact]
    public void A_global_limit_names_its_service_in_full()
    {
        var limits = Assert.Single(Filters(Mesh.Of(Policy("p", Service)))).TypedConfig.Unpack<RateLimit>();

        Assert.Equal("outbound|8081||limits.default.svc.cluster.local", limits.RateLimitService.GrpcService.EnvoyGrpc.ClusterName);
        Assert.Equal(3UL, limits.RateLimits.Single().HitsAddend.Number);
        Assert.False(limits.FailureModeDeny);
    }

    [Fact]
    public void Local_limits_go_before_global_ones_and_those_of_the_mesh_first()
    {
        var names = Filters(Mesh.Of(Policy("b", $"{Service}\n  local: [{{tokens: 1, per: 1s}}]"), Policy("a", "local: [{tokens: 1, per: 1s}]", "istio-system"))).Select(f => f.Name);

        Assert.Equal(
            ["envoy.filters.http.local_ratelimit.istio-system.a", "envoy.filters.http.local_ratelimit.default.b", "envoy.filters.http.ratelimit.default.b"],
            names);
    }

    [Fact]
    public void Whom_a_policy_does_not_select_it_does_not_limit()
    {
        var limit = "local: [{tokens: 1, per: 1s}]";
        Assert.Empty(Filters(Mesh.Of(Policy("p", limit, "prod"))));
        Assert.Empty(Filters(Mesh.Of(Policy("p", $"{limit}\n  selector: {{matchLabels: {{app: ratings}}}}"))));
        Assert.Single(Filters(Mesh.Of(Policy("p", $"{limit}\n  selector: {{matchLabels: {{app: reviews}}}}"))));
        Assert.Empty(Filters(Mesh.Of(Policy("p", limit), Mesh.Service("reviews", selector: "app=reviews")), ProxyProfile.Grpc));
    }

    [Fact]
    public void Our_client_understands_every_shape()
    {
        var match = "match: {path: {exact: /a.b}, methods: [GET, POST], headers: {x-a: {regex: 'b+'}, x-c: {}}}";
        var policy = Policy("p", $"{Service}\n  dryRun: true\n  responseHeaders: true\n  local: [{{{match}, tokens: 1, per: 1s, by: [{{source: identity}}, {{source: address}}, {{header: x-user}}]}}]");
        var manager = Manager(Mesh.Of(policy))!;
        var context = new DecodeContext();

        var http = HttpConnectionDecoder.Decode(manager, ListenerSide.Inbound, context);

        Assert.Empty(context.Errors);
        var local = Assert.IsType<LocalRateLimitFilterConfig>(http!.Filters[0]).Limits!;
        Assert.True(local.Descriptors.Single().ShadowMode);
        Assert.Equal((1_000_000, 1_000_000, true), (local.EnabledPerMillion, local.EnforcedPerMillion, local.TellsLimits));
        var global = Assert.IsType<GlobalRateLimitFilterConfig>(http.Filters[1]).Limits!;
        Assert.Equal(new GrpcServiceConfig("limits.default.svc.cluster.local", 8081), global.Service);
        Assert.Equal(0, global.EnforcedPerMillion);
    }

    private static List<HttpFilter> Filters(MeshModel model, ProxyProfile profile = ProxyProfile.Mesh) =>
        [.. Manager(model, profile)!.HttpFilters.SkipLast(1)];

    private static HttpConnectionManager? Manager(MeshModel model, ProxyProfile profile = ProxyProfile.Mesh) =>
        Translate.Listener(model, Mesh.Client(labels: "app=reviews", profile: profile), Inbound)?.FilterChains[0].Filters[^1].TypedConfig.Unpack<HttpConnectionManager>();

    private static RateLimitPolicy Policy(string name, string spec, string ns = "default") => Reading.Good<RateLimitPolicy>($$"""
        apiVersion: proxylessmesh.io/v1alpha1
        kind: RateLimitPolicy
        metadata: {name: {{name}}, namespace: {{ns}} }
        spec:
          {{spec}}
        """);
}
