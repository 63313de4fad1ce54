using System.Collections.Immutable;
using Envoy.Extensions.Filters.Http.JwtAuthn.V3;
using Envoy.Extensions.Filters.Network.HttpConnectionManager.V3;
using ProxylessMesh.ControlPlane.JsonWebKeys;
using ProxylessMesh.ControlPlane.Model;
using ProxylessMesh.ControlPlane.Resources;
using ProxylessMesh.ControlPlane.Tests.Model;
using ProxylessMesh.ControlPlane.Tests.Resources;
using ProxylessMesh.ControlPlane.Translation;

namespace ProxylessMesh.ControlPlane.Tests.Translation.Jwt;

public class JwtFiltersTests
{
    private const string Inbound = "xds.istio.io/grpc/lds/inbound/0.0.0.0:9080";

    [Fact]
    public void One_issuer_is_required_or_missing()
    {
        var filter = Filter(Mesh.Of(Policy("p", "https://a.test")))!;

        Assert.True(filter.BypassCorsPreflight);
        Assert.Equal("{ \"requirements\": [ { \"providerName\": \"origins-0\" }, { \"allowMissing\": { } } ] }", filter.Rules.Single().Requires.RequiresAny.ToString());
        Assert.Equal("/", filter.Rules[0].Match.Prefix);
        var provider = filter.Providers["origins-0"];
        Assert.Equal(("https://a.test", "payload", false), (provider.Issuer, provider.PayloadInMetadata, provider.Forward));
        Assert.Equal(["scope", "permission"], provider.NormalizePayloadInMetadata.SpaceDelimitedClaims);
    }

    [Fact]
    public void Of_several_issuers_any_will_do_or_each_may_be_missing()
    {
        var any = Filter(Mesh.Of(Policies("p", "https://b.test", "https://a.test")))!.Rules.Single().Requires.RequiresAny.Requirements;

        Assert.Equal(["origins-0", "origins-1", ""], any.Select(r => r.ProviderName));
        Assert.All(any[2].RequiresAll.Requirements, r => Assert.NotNull(r.RequiresAny.Requirements[1].AllowMissing));
        Assert.Equal("https://a.test", Filter(Mesh.Of(Policies("p", "https://b.test", "https://a.test")))!.Providers["origins-0"].Issuer);
    }

    [Fact]
    public void Keys_that_were_not_fetched_yet_are_none_and_those_that_were_travel_along()
    {
        var policy = Policy("p", "https://a.test");
        Assert.Equal("{\"keys\":[]}", Filter(Mesh.Of(policy))!.Providers["origins-0"].LocalJwks.InlineString);

        var address = new KeySetAddress("https://a.test", Discover: true);
        var model = new MeshModel(new MeshSettings(), [policy], []) { KeySets = new KeySets(ImmutableDictionary<KeySetAddress, string>.Empty.Add(address, "KEYS")) };
        Assert.Equal("KEYS", Filter(model)!.Providers["origins-0"].LocalJwks.InlineString);
    }

    [Fact]
    public void Policies_of_the_mesh_the_namespace_and_the_workload_add_up()
    {
        var model = Mesh.Of(
            Policy("root", "https://root.test", "istio-system"),
            Policy("chosen", "https://chosen.test", "istio-system", "selector: {matchLabels: {app: reviews}}"),
            Policy("own", "https://own.test"),
            Policy("other", "https://other.test", "prod"),
            Policy("not", "https://not.test", "default", "selector: {matchLabels: {app: ratings}}"));

        Assert.Equal(
            ["https://chosen.test", "https://own.test", "https://root.test"],
            Filter(model)!.Providers.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => p.Value.Issuer));
    }

    [Fact]
    public void Without_policy_and_for_plain_grpc_there_is_no_filter()
    {
        Assert.Null(Filter(Mesh.Of()));
        Assert.Null(Filter(Mesh.Of(Policy("p", "https://a.test"), Mesh.Service("reviews", selector: "app=reviews")), ProxyProfile.Grpc));
    }

    private static JwtAuthentication? Filter(MeshModel model, ProxyProfile profile = ProxyProfile.Mesh)
    {
        var listener = Translate.Listener(model, Mesh.Client(labels: "app=reviews", profile: profile), Inbound);
        if (listener is null)
        {
            return null;
        }

        var filters = listener.FilterChains.Select(c => c.Filters[^1].TypedConfig.Unpack<HttpConnectionManager>().HttpFilters[0]).Distinct().ToList();
        return Assert.Single(filters).TypedConfig.TryUnpack<JwtAuthentication>(out var filter) ? filter : null;
    }

    private static RequestAuthentication Policy(string name, string issuer, string ns = "default", string selector = "") =>
        Policy(name, [issuer], ns, selector);

    private static RequestAuthentication Policies(string name, params string[] issuers) => Policy(name, issuers, "default", "");

    private static RequestAuthentication Policy(string name, string[] issuers, string ns, string selector) => Reading.Good<RequestAuthentication>($$"""
        apiVersion: security.istio.io/v1
        kind: RequestAuthentication
        metadata: {name: {{name}}, namespace: {{ns}} }
        spec:
          {{selector}}
          jwtRules: [ {{string.Join(", ", issuers.Select(i => $"{{issuer: \"{i}\"}}"))}} ]
        """);
}
