using ProxylessMesh.ControlPlane.Resources;

namespace ProxylessMesh.ControlPlane.Tests.Resources;

public class RateLimitPolicyTests
{
    [Fact]
    public void Reads_every_field()
    {
        var policy = Reading.Good<RateLimitPolicy>("""
            apiVersion: proxylessmesh.io/v1alpha1
            kind: RateLimitPolicy
            metadata: {name: reviews}
            spec:
              selector: {matchLabels: {app: reviews} }
              responseHeaders: true
              grpcStatus: RESOURCE_EXHAUSTED
              dryRun: true
              local:
              - match: {path: {prefix: /api}, methods: [POST], headers: {x-tier: {exact: free} } }
                tokens: 10
                per: 1s
                burst: 20
                by: [{source: identity}, {source: address}, {header: X-User}]
              - {tokens: 100, per: 1m}
              global:
                domain: bookinfo
                service: ratelimit
                port: 8081
                timeout: 50ms
                failureMode: Closed
                descriptors:
                - match: {methods: [GET]}
                  hits: 2
                  entries: [{key: plan, value: free}, {key: user, header: x-user}, {key: who, source: identity}]
            """);

        Assert.Equal("reviews", policy.Selector.Find("app"));
        Assert.True(policy is { TellsLimits: true, AsResourceExhausted: true, DryRun: true });
        Assert.Equal((10, TimeSpan.FromSeconds(1), 20), (policy.Local[0].Tokens, policy.Local[0].Per, policy.Local[0].Burst));
        Assert.Equal("/api", policy.Local[0].Match.Path!.Value);
        Assert.Equal(
            [new(LimitKeyKind.Identity, "source_identity"), new(LimitKeyKind.Address, "remote_address"), new(LimitKeyKind.Header, "header", "x-user")],
            policy.Local[0].By);
        Assert.Equal(100, policy.Local[1].Burst);
        Assert.Equal(("bookinfo", "ratelimit", 8081, TimeSpan.FromMilliseconds(50), true), (policy.Global!.Domain, policy.Global.Service, policy.Global.Port, policy.Global.Timeout, policy.Global.FailsClosed));
        Assert.Equal(2, policy.Global.Descriptors[0].Hits);
        Assert.Equal(
            [new(LimitKeyKind.Fixed, "plan", "free"), new(LimitKeyKind.Header, "user", "x-user"), new(LimitKeyKind.Identity, "who")],
            policy.Global.Descriptors[0].Entries);
    }

    [Theory]
    [InlineData("{}", "needs local or global limits")]
    [InlineData("{local: [{per: 1s}]}", "spec.local[0].tokens is missing")]
    [InlineData("{local: [{tokens: 1}]}", "spec.local[0].per is missing")]
    [InlineData("{local: [{tokens: 0, per: 1s}]}", "out of range")]
    [InlineData("{local: [{tokens: 1, per: 10ms}]}", "MESH1160")]
    [InlineData("{local: [{tokens: 1, per: 25h}]}", "MESH1160")]
    [InlineData("{local: [{tokens: 1, per: 1s, by: [{}]}]}", "MESH1161")]
    [InlineData("{local: [{tokens: 1, per: 1s, by: [{source: identity, header: a}]}]}", "MESH1161")]
    [InlineData("{local: [{tokens: 1, per: 1s, by: [{value: a}]}]}", "spec.local[0].by[0].value is an unknown field")]
    [InlineData("{local: [{tokens: 1, per: 1s, by: [{header: a}, {header: b}]}]}", "MESH1018")]
    [InlineData("{local: [{tokens: 1, per: 1s, by: [{source: name}]}]}", "not one of identity, address")]
    [InlineData("{local: [{tokens: 1, per: 1s, match: {path: {exact: api}}}]}", "does not begin with /")]
    [InlineData("{local: [{tokens: 1, per: 1s, match: {path: {regex: '('}}}]}", "MESH1017")]
    [InlineData("{local: [{tokens: 1, per: 1s, match: {methods: ['G T']}}]}", "is not a method")]
    [InlineData("{concurrency: {maxRequests: 1}, local: [{tokens: 1, per: 1s}]}", "set Mesh:MaxConcurrentRequests")]
    [InlineData("{global: {domain: d, service: s, port: 1}}", "spec.global.descriptors is missing")]
    [InlineData("{global: {service: s, port: 1, descriptors: [{entries: [{key: k, value: v}]}]}}", "spec.global.domain is missing")]
    [InlineData("{global: {domain: d, service: s, descriptors: [{entries: [{key: k, value: v}]}]}}", "spec.global.port is missing")]
    [InlineData("{global: {domain: d, service: '*.a', port: 1, descriptors: [{entries: [{key: k, value: v}]}]}}", "no wildcard")]
    [InlineData("{global: {domain: d, service: s, port: 1, descriptors: [{}]}}", "needs 1 to 4 entries")]
    [InlineData("{global: {domain: d, service: s, port: 1, descriptors: [{entries: [{key: ip, source: address}]}]}}", "must be remote_address")]
    public void Says_what_is_wrong(string spec, string problem) => Assert.Contains(
        Reading.Problems($$"""
            apiVersion: proxylessmesh.io/v1alpha1
            kind: RateLimitPolicy
            metadata: {name: wrong}
            spec: {{spec}}
            """),
        p => p.Contains(problem, StringComparison.Ordinal));
}
