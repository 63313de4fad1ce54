using Envoy.Config.Rbac.V3;
using Envoy.Extensions.Filters.Network.HttpConnectionManager.V3;
using ProxylessMesh.ControlPlane.Model;
using ProxylessMesh.ControlPlane.Resources;
using ProxylessMesh.ControlPlane.Tests.Model;
using ProxylessMesh.ControlPlane.Tests.Resources;
using ProxylessMesh.ControlPlane.Translation;
using ProxylessMesh.Xds.Resources;
using HttpRbac = Envoy.Extensions.Filters.Http.Rbac.V3.RBAC;

namespace ProxylessMesh.ControlPlane.Tests.Translation.Authorization;

public class AuthorizationFiltersTests
{
    private const string Name = "xds.istio.io/grpc/lds/inbound/0.0.0.0:9080";

    private const string Everything = """
        {action: ACTION, rules: [{
          from: [{source: {principals: ["cluster.local/ns/a/sa/b"], notPrincipals: ["*"], namespaces: [a*], notNamespaces: [b], trustDomains: [td], notTrustDomains: ["*"],
                           requestPrincipals: [i/s], notRequestPrincipals: ["i/*"], ipBlocks: [10.0.0.0/8], notIpBlocks: [10.0.0.1], remoteIpBlocks: ["::/0"], notRemoteIpBlocks: ["::1"]}},
                 {source: {serviceAccounts: [a], notServiceAccounts: [b/c]}}],
          to: [{operation: {hosts: [a.com, "*.b.com", "c*", "*", "d:80"], notHosts: [e], ports: ["80"], notPorts: ["81"], methods: [GET], notMethods: ["P*"],
                            paths: [/a, "/b*", "*c", "*", "/d/{*}/e/{**}"], notPaths: [/f]}}],
          when: [{key: "request.headers[X-Token]", values: [a, "*"], notValues: [b]}, {key: source.ip, values: [10.0.0.1]}, {key: remote.ip, notValues: [10.0.0.1]},
                 {key: source.namespace, values: [a]}, {key: source.principal, values: ["*/sa/a"]}, {key: source.serviceAccount, values: [a]}, {key: source.trustDomain, values: [a]},
                 {key: request.auth.principal, values: ["*"]}, {key: request.auth.audiences, values: [a]}, {key: request.auth.presenter, values: [a]},
                 {key: "request.auth.claims[a][b]", values: [c]}, {key: destination.ip, values: [10.0.0.1]}, {key: destination.port, values: ["80"]},
                 {key: connection.sni, values: ["*.a"]}]}]}
        """;

    [Theory]
    [InlineData("ALLOW")]
    [InlineData("DENY")]
    [InlineData("AUDIT")]
    public void Our_own_client_reads_every_kind_of_matcher_in_both_profiles(string action)
    {
        var model = Mesh.Of(Mesh.Service("reviews"), Policy("p", Everything.Replace("ACTION", action, StringComparison.Ordinal)));
        foreach (var profile in new[] { ProxyProfile.Mesh, ProxyProfile.Grpc })
        {
            var resource = ResourceTranslator.Translate(model, Mesh.Client(labels: "app=reviews", profile: profile), TypeUrl.Listener, Name)!;

            Assert.Empty(ResourceKinds.Listener.Decode(Google.Protobuf.ByteString.CopyFrom(resource.Bytes.Span)).Errors);
        }
    }

    [Fact]
    public void Filters_run_in_Istios_order_and_dry_runs_are_shadows()
    {
        var filters = Filters(
            ProxyProfile.Mesh,
            Policy("allow", "{rules: [{}]}"),
            Policy("dry", "{rules: [{}]}", dryRun: "true"),
            Policy("deny", "{action: DENY, rules: [{}, {}]}"),
            Policy("audit", "{action: AUDIT, rules: [{}]}"));

        Assert.Equal(
            ["envoy.filters.http.rbac.AUDIT", "envoy.filters.http.rbac.DENY", "envoy.filters.http.rbac"], filters.Select(f => f.Name));
        Assert.Equal(["ns[default]-policy[audit]-rule[0]"], filters[0].Rbac.Rules.Policies.Keys);
        Assert.Equal(["ns[default]-policy[deny]-rule[0]", "ns[default]-policy[deny]-rule[1]"], filters[1].Rbac.Rules.Policies.Keys.Order());
        Assert.Equal(["ns[default]-policy[allow]-rule[0]"], filters[2].Rbac.Rules.Policies.Keys);
        Assert.Equal(["ns[default]-policy[dry]-rule[0]"], filters[2].Rbac.ShadowRules.Policies.Keys);
        Assert.Equal("istio_dry_run_allow_", filters[2].Rbac.ShadowRulesStatPrefix);
        Assert.True(filters[2].Rbac.Rules.Policies.Values.Single() is { Permissions: [{ Any: true }], Principals: [{ Any: true }] });
    }

    [Fact]
    public void An_ALLOW_without_rules_matches_nothing_and_so_refuses_everything()
    {
        var never = Assert.Single(Filters(ProxyProfile.Mesh, Policy("none", "{}"))).Rbac.Rules.Policies.Values.Single();

        Assert.True(never.Permissions[0].NotRule.Any);
    }

    [Fact]
    public void Policies_apply_by_root_namespace_and_selector()
    {
        object[] objects =
        [
            Policy("istio-system/mesh", "{action: DENY, rules: [{}]}"),
            Policy("istio-system/mesh-reviews", "{selector: {matchLabels: {app: reviews}}, action: DENY, rules: [{}]}"),
            Policy("all", "{action: DENY, rules: [{}]}"),
            Policy("reviews", "{selector: {matchLabels: {app: reviews}}, action: DENY, rules: [{}]}"),
            Policy("other/all", "{action: DENY, rules: [{}]}"),
        ];
        var model = Mesh.Of(objects);

        Assert.Equal(["mesh", "mesh-reviews", "all", "reviews"], Names("default", "app=reviews"));
        Assert.Equal(["mesh", "all"], Names("default", "app=ratings"));
        Assert.Equal(["mesh", "all"], Names("other", ""));
        Assert.Equal(["mesh"], Names("istio-system", ""));

        IEnumerable<string> Names(string ns, string labels) => model.Authorizations.Applying(ns, Mesh.Labels(labels)).Select(p => p.Meta.Id.Name);
    }

    [Fact]
    public void A_dot_in_a_name_is_a_dot()
    {
        var policy = Rule("{from: [{source: {serviceAccounts: [a.b]}}]}");

        Assert.Equal("spiffe://[^/]+/ns/default/sa/a\\.b", policy.Principals[0].AndIds.Ids[0].OrIds.Ids[0].Authenticated.PrincipalName.SafeRegex.Regex);
    }

    [Fact]
    public void A_principal_of_the_own_trust_domain_holds_for_its_aliases()
    {
        var settings = new MeshSettings { TrustDomain = "new", TrustDomainAliases = ["old"] };

        Assert.Equal(["spiffe://new/ns/a/sa/b", "spiffe://old/ns/a/sa/b", "spiffe://cluster.local/ns/a/sa/b"], Names("cluster.local/ns/a/sa/b"));
        Assert.Equal(["spiffe://new/ns/a/sa/b", "spiffe://old/ns/a/sa/b"], Names("old/ns/a/sa/b"));
        Assert.Equal(["spiffe://foreign/ns/a/sa/b"], Names("foreign/ns/a/sa/b"));

        IEnumerable<string> Names(string principal) =>
            Rule($"{{from: [{{source: {{principals: [{principal}]}}}}]}}", settings: settings)
                .Principals[0].AndIds.Ids[0].OrIds.Ids.Select(p => p.Authenticated.PrincipalName.Exact);
    }

    [Fact]
    public void What_refuses_takes_the_spellings_that_routing_takes_for_the_same()
    {
        const string To = "{to: [{operation: {paths: [/admin], notPaths: [/admin/open]}}]}";
        var deny = Rule(To, "DENY").Permissions[0].AndRules.Rules;
        var allow = Rule(To).Permissions[0].AndRules.Rules;

        Assert.Equal([("/admin", true), ("/admin/", true)], deny[0].OrRules.Rules.Select(r => (r.UrlPath.Path.Exact, r.UrlPath.Path.IgnoreCase)));
        Assert.Equal([("/admin/open", false)], deny[1].NotRule.OrRules.Rules.Select(r => (r.UrlPath.Path.Exact, r.UrlPath.Path.IgnoreCase)));
        Assert.Equal([("/admin", false)], allow[0].OrRules.Rules.Select(r => (r.UrlPath.Path.Exact, r.UrlPath.Path.IgnoreCase)));
        Assert.Equal(
            [("/admin/open", true), ("/admin/open/", true)], allow[1].NotRule.OrRules.Rules.Select(r => (r.UrlPath.Path.Exact, r.UrlPath.Path.IgnoreCase)));
    }

    [Fact]
    public void Grpc_gets_only_DENY_and_ALLOW_and_what_it_cannot_see_never_opens_a_door()
    {
        var filters = Filters(
            ProxyProfile.Grpc,
            Policy("audit", "{action: AUDIT, rules: [{}]}"),
            Policy("dry", "{rules: [{}]}", dryRun: "true"),
            Policy("allow", "{rules: [{from: [{source: {requestPrincipals: ['*']}}]}, {from: [{source: {notRequestPrincipals: [a/b]}}]}, {when: [{key: connection.sni, values: [a]}]}]}"),
            Policy("deny", "{action: DENY, rules: [{from: [{source: {notRequestPrincipals: ['*'], namespaces: [a]}}]}]}"));

        Assert.Equal(["envoy.filters.http.rbac.DENY", "envoy.filters.http.rbac"], filters.Select(f => f.Name));
        Assert.Empty(filters[1].Rbac.Rules.Policies);
        Assert.Null(filters[1].Rbac.ShadowRules);
        Assert.Single(filters[0].Rbac.Rules.Policies.Values.Single().Principals[0].AndIds.Ids);
    }

    [Theory]
    [InlineData(PathNormalization.None, false, false, 0)]
    [InlineData(PathNormalization.Base, true, false, 0)]
    [InlineData(PathNormalization.MergeSlashes, true, true, 0)]
    [InlineData(PathNormalization.DecodeAndMergeSlashes, true, true, 4)]
    public void The_modes_of_path_normalisation(object mode, bool normalize, bool merge, int escaped)
    {
        var manager = Manager(Mesh.Of(new MeshSettings { PathNormalization = (PathNormalization)mode }), Mesh.Client());

        Assert.Equal((normalize, merge, escaped), (manager.NormalizePath == true, manager.MergeSlashes, (int)manager.PathWithEscapedSlashesAction));
    }

    private static Policy Rule(string rule, string action = "ALLOW", MeshSettings? settings = null)
    {
        var model = Mesh.Of(settings ?? new MeshSettings(), Policy("p", $"{{action: {action}, rules: [{rule}]}}"));
        return Unpack(Manager(model, Mesh.Client())).Single().Rbac.Rules.Policies.Values.Single();
    }

    private static List<(string Name, HttpRbac Rbac)> Filters(ProxyProfile profile, params object[] objects) =>
        Unpack(Manager(Mesh.Of([.. objects, Mesh.Service("reviews")]), Mesh.Client(labels: "app=reviews", profile: profile)));

    private static List<(string Name, HttpRbac Rbac)> Unpack(HttpConnectionManager manager) =>
        [.. manager.HttpFilters.SkipLast(1).Select(f => (f.Name, f.TypedConfig.Unpack<HttpRbac>()))];

    private static HttpConnectionManager Manager(MeshModel model, ProxyView proxy) =>
        Translate.Listener(model, proxy, Name)!.FilterChains[0].Filters[0].TypedConfig.Unpack<HttpConnectionManager>();

    private static AuthorizationPolicy Policy(string id, string spec, string dryRun = "false")
    {
        var parts = id.Split('/');
        return Reading.Good<AuthorizationPolicy>($$"""
            apiVersion: security.istio.io/v1
            kind: AuthorizationPolicy
            metadata: {name: {{parts[^1]}}, namespace: {{(parts.Length > 1 ? parts[0] : "default")}}, annotations: {istio.io/dry-run: "{{dryRun}}"} }
            spec:
              {{spec.ReplaceLineEndings("\n  ")}}
            """);
    }
}
