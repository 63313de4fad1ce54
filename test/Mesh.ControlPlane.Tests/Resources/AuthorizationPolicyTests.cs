using ProxylessMesh.ControlPlane.Resources;

namespace ProxylessMesh.ControlPlane.Tests.Resources;

public class AuthorizationPolicyTests
{
    [Theory]
    [InlineData("v1")]
    [InlineData("v1beta1")]
    public void Reads_every_part_of_a_rule(string version)
    {
        var policy = Reading.Good<AuthorizationPolicy>($$"""
            apiVersion: security.istio.io/{{version}}
            kind: AuthorizationPolicy
            metadata: {name: reviews, namespace: prod, annotations: {istio.io/dry-run: "true"} }
            spec:
              selector: {matchLabels: {app: reviews} }
              action: DENY
              rules:
              - from:
                - source: {principals: ["cluster.local/ns/default/sa/a"], notRequestPrincipals: ["*"], ipBlocks: ["10.0.0.0/8", "::1"]}
                - source: {serviceAccounts: [a, other/b], notTrustDomains: ["old*"]}
                to:
                - operation: {hosts: ["*.example.com"], ports: ["80"], notMethods: [GET], paths: ["/a/{*}/b/{**}"]}
                when:
                - {key: "request.auth.claims[realm][role]", values: [admin], notValues: ["x*"]}
              - {}
            """);

        Assert.Equal((AuthorizationAction.Deny, true, "reviews"), (policy.Action, policy.DryRun, policy.Selector.Find("app")));
        Assert.Equal(2, policy.Rules.Count);
        var rule = policy.Rules[0];
        Assert.Equal(["10.0.0.0/8", "::1"], rule.From[0].IpBlocks.Values);
        Assert.Equal(["*"], rule.From[0].RequestPrincipals.NotValues);
        Assert.Equal(["prod/a", "other/b"], rule.From[1].ServiceAccounts.Values);
        Assert.Equal(["/a/{*}/b/{**}"], rule.To[0].Paths.Values);
        Assert.Equal(["realm", "role"], AuthorizationKeys.ClaimOf(rule.When[0].Key)!);
        Assert.Equal(new AuthorizationRule([], [], []), policy.Rules[1]);
    }

    [Fact]
    public void An_empty_spec_is_an_ALLOW_that_matches_nothing()
    {
        var policy = Reading.Good<AuthorizationPolicy>(Policy("{}"));

        Assert.Equal((AuthorizationAction.Allow, 0), (policy.Action, policy.Rules.Count));
    }

    [Theory]
    [InlineData("{action: DENY}", "warning MESH1120", "without rules, DENY never does anything")]
    [InlineData("{action: REFUSE}", "error MESH1016", "not one of ALLOW, DENY, AUDIT, CUSTOM")]
    [InlineData("{action: CUSTOM, rules: [{}]}", "error MESH1018", "spec.provider belongs to action CUSTOM")]
    [InlineData("{provider: {name: opa}}", "error MESH1018", "spec.provider belongs to action CUSTOM")]
    [InlineData("{targetRefs: [{kind: Service, name: a}]}", "error MESH1012", "use selector.matchLabels with the labels that the Service selects")]
    [InlineData("{targetRef: {kind: Gateway, group: gateway.networking.k8s.io, name: a}}", "error MESH1012", "spec.targetRef attaches a policy to a Gateway of the Gateway API or to a waypoint, and this mesh has neither")]
    [InlineData("{rules: [{from: []}]}", "error MESH1015", "spec.rules[0].from is empty")]
    [InlineData("{rules: [{from: [{}]}]}", "error MESH1015", "spec.rules[0].from[0].source is missing")]
    [InlineData("{rules: [{from: [{source: {}}]}]}", "error MESH1015", "spec.rules[0].from[0].source says nothing")]
    [InlineData("{rules: [{to: [{operation: {paths: [], ports: [\"80\"]}}]}]}", "error MESH1015", "spec.rules[0].to[0].operation.paths is empty")]
    [InlineData("{rules: [{to: [{operation: {methods: [\"\"]}}]}]}", "error MESH1016", "methods has an empty value")]
    [InlineData("{rules: [{to: [{operation: {ports: [\"http\"]}}]}]}", "error MESH1016", "\"http\" is not a port")]
    [InlineData("{rules: [{to: [{operation: {paths: [\"/a/{x}\"]}}]}]}", "error MESH1016", "is no path template")]
    [InlineData("{rules: [{to: [{operation: {paths: [\"/a/{**}/{*}\"]}}]}]}", "error MESH1016", "which must be the last")]
    [InlineData("{rules: [{to: [{operation: {paths: [\"/a{*}\"]}}]}]}", "error MESH1016", "stands alone in its segment")]
    [InlineData("{rules: [{to: [{operation: {paths: [\"/a*b\"]}}]}]}", "warning MESH1120", "ordinary character")]
    [InlineData("{rules: [{to: [{operation: {paths: [admin]}}]}]}", "warning MESH1120", "matches no path")]
    [InlineData("{rules: [{to: [{operation: {methods: [get]}}]}]}", "warning MESH1120", "upper case")]
    [InlineData("{rules: [{from: [{source: {principals: [\"spiffe://a/ns/b/sa/c\"]}}]}]}", "warning MESH1120", "without spiffe://")]
    [InlineData("{rules: [{from: [{source: {ipBlocks: [\"10.0.0\"]}}]}]}", "error MESH1016", "neither an IP address nor a range")]
    [InlineData("{rules: [{from: [{source: {ipBlocks: [\"10.0.0.0/33\"]}}]}]}", "error MESH1016", "neither an IP address nor a range")]
    [InlineData("{rules: [{from: [{source: {serviceAccounts: [\"*\"]}}]}]}", "error MESH1016", "is no service account")]
    [InlineData("{rules: [{from: [{source: {serviceAccounts: [a], namespaces: [b]}}]}]}", "error MESH1018", "cannot stand beside")]
    [InlineData("{rules: [{when: [{key: \"request.header[x]\", values: [a]}]}]}", "error MESH1016", "is not a key of Istio's")]
    [InlineData("{rules: [{when: [{key: \"request.headers[grpc-status]\", values: [a]}]}]}", "error MESH1016", "cannot be matched")]
    [InlineData("{rules: [{when: [{key: \"request.headers[:path]\", values: [a]}]}]}", "error MESH1016", "does not name a header")]
    [InlineData("{rules: [{when: [{key: source.ip}]}]}", "error MESH1015", "neither values nor notValues")]
    [InlineData("{rules: [{when: [{key: source.ip, values: [a]}]}]}", "error MESH1016", "neither an IP address")]
    [InlineData("{rules: [{form: []}]}", "error MESH1011", "did you mean from?")]
    public void What_is_wrong_is_said(string spec, string kind, string text)
    {
        var problem = Assert.Single(Reading.Problems(Policy(spec)));

        Assert.Contains(kind, problem, StringComparison.Ordinal);
        Assert.Contains(text, problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_dry_run_is_true_or_false_and_not_for_audits()
    {
        Assert.Contains("neither", Assert.Single(Reading.Problems(Policy("{}", "yes"))), StringComparison.Ordinal);
        Assert.Contains("ALLOW and DENY", Assert.Single(Reading.Problems(Policy("{action: AUDIT, rules: [{}]}", "true"))), StringComparison.Ordinal);
    }

    private static string Policy(string spec, string dryRun = "false") => $$"""
        apiVersion: security.istio.io/v1
        kind: AuthorizationPolicy
        metadata: {name: p, annotations: {istio.io/dry-run: "{{dryRun}}"} }
        spec: {{spec}}
        """;
}
