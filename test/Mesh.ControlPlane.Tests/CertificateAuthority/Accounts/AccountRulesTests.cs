using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using ProxylessMesh.ControlPlane.CertificateAuthority;
using ProxylessMesh.ControlPlane.CertificateAuthority.Accounts;
using ProxylessMesh.ControlPlane.Discovery;
using ProxylessMesh.ControlPlane.Translation;
using ProxylessMesh.Testing;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Identity;

namespace ProxylessMesh.ControlPlane.Tests.CertificateAuthority.Accounts;

public sealed class AccountRulesTests : AuthorityFixture
{
    private static readonly SpiffeId Ratings = SpiffeId.Parse("spiffe://cluster.local/ns/default/sa/ratings");

    [Fact]
    public void A_bound_account_claims_what_it_is_bound_to_and_nothing_else()
    {
        Bind("default/reviews", new() { ["app"] = ["reviews"], ["version"] = [WorkloadBinding.Any] }, ["reviews-v1", "reviews-v2"]);
        using var rules = Rules();

        Assert.Null(rules.ProblemOf(Reviews, Node("reviews-v1", ("app", "reviews"), ("version", "v7"), ("security.istio.io/tlsMode", "istio"))));
        Assert.Null(rules.ProblemOf(Reviews, Node("reviews-v2")));
        Assert.Null(rules.ProblemOf(Ratings, Node("anything", ("app", "payments"))));
        Assert.Null(rules.ProblemOf(null, Node("anything", ("app", "reviews"))));

        Assert.Contains("may not claim label app=ratings, but only reviews", rules.ProblemOf(Reviews, Node("reviews-v1", ("app", "ratings"))), StringComparison.Ordinal);
        Assert.Contains("may not claim label app=, but only reviews", rules.ProblemOf(Reviews, Node("reviews-v1", ("app", ""))), StringComparison.Ordinal);
        Assert.Contains("may not claim label role=admin", rules.ProblemOf(Reviews, Node("reviews-v1", ("app", "reviews"), ("role", "admin"))), StringComparison.Ordinal);
        Assert.Contains("may not claim label APP=reviews", rules.ProblemOf(Reviews, Node("reviews-v1", ("APP", "reviews"))), StringComparison.Ordinal);
        Assert.Contains("may not claim workload reviews-v3", rules.ProblemOf(Reviews, Node("reviews-v3", ("app", "reviews"))), StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_alone_leaves_the_labels_free()
    {
        Bind("default/reviews", [], ["reviews-v1"]);
        using var rules = Rules();
        Assert.Null(rules.ProblemOf(Reviews, Node("reviews-v1", ("app", "anything"))));
    }

    [Fact]
    public void Where_bindings_are_required_nobody_registers_without_one()
    {
        Bind("default/reviews", new() { ["app"] = ["reviews"] }, []);
        using var rules = Rules(everyoneBound: true);

        Assert.Null(rules.ProblemOf(Reviews, Node("reviews-v1", ("app", "reviews"))));
        Assert.Contains("bound to no labels", rules.ProblemOf(Ratings, Node("ratings-v1")), StringComparison.Ordinal);
        Assert.Contains("proves no identity", rules.ProblemOf(null, Node("reviews-v1")), StringComparison.Ordinal);
        Assert.Null(rules.ProblemOf(Ratings, Node("ratings-v1") with { Ports = [] }));
        Assert.Null(rules.ProblemOf(null, Node("ratings-v1") with { Ports = [] }));
    }

    [Fact]
    public void An_account_is_bound_once()
    {
        Bind("default/reviews", new() { ["app"] = ["reviews"] }, []);
        Bind("default/reviews", new() { ["app"] = ["reviews"] }, []);
        var refused = Assert.Throws<CertificateAuthorityException>(() => Bind("default/reviews", new() { ["app"] = ["reviews", "ratings"] }, []));
        Assert.Contains("bound already (--label app=reviews)", refused.Message, StringComparison.Ordinal);
        Bind("default/ratings", [], ["ratings-v1"]);
        Assert.Equal(2, new WorkloadBindings(new DataDirectory(Data)).Current.Count);
    }

    [Fact]
    public void Changed_rules_count_at_the_next_look_and_damaged_ones_never()
    {
        using var rules = Rules();
        var changes = 0;
        rules.Changed += () => changes++;
        rules.Watch(Time, TimeSpan.FromSeconds(5));
        Assert.Null(rules.ProblemOf(Reviews, Node("reviews-v1", ("app", "ratings"))));

        Bind("default/reviews", new() { ["app"] = ["reviews"] }, []);
        new DeniedAccounts(new DataDirectory(Data)).Add("default/ratings");
        Time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(1, changes);
        Assert.NotNull(rules.ProblemOf(Reviews, Node("reviews-v1", ("app", "ratings"))));
        Assert.Contains("is revoked", rules.ProblemOf(Ratings, Node("ratings-v1")), StringComparison.Ordinal);

        File.WriteAllText(PathOf(WorkloadBindings.FileName), """{"default/reviews": {"label": {"app": ["ratings"]}}}""");
        File.WriteAllText(PathOf(DeniedAccounts.FileName), "who is this");
        Time.Advance(TimeSpan.FromSeconds(5));
        Time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(1, changes);
        Assert.NotNull(rules.ProblemOf(Reviews, Node("reviews-v1", ("app", "ratings"))));
        Assert.NotNull(rules.ProblemOf(Ratings, Node("ratings-v1")));
        Assert.Single(Logs.Entries, e => e.Id.Id == 4331);
    }

    [Theory]
    [InlineData("""{"default": {"labels": {"app": ["x"]}}}""", "not of the form NAMESPACE/NAME")]
    [InlineData("""{"default/a": {}}""", "bound to nothing")]
    [InlineData("""{"default/a": {"labels": {}}}""", "bound to nothing")]
    [InlineData("""{"default/a": {"labels": {"app": []}}}""", "allows nothing")]
    [InlineData("""{"default/a": {"labels": {"app": "x"}}}""", "is damaged")]
    [InlineData("""{"default/a": {"workloads": [null]}}""", "is damaged")]
    [InlineData("""{"default/a": {"workloads": ["a"]}, "default/a": {"workloads": ["b"]}}""", "is damaged")]
    [InlineData("""[]""", "is damaged")]
    [InlineData("""{""", "is damaged")]
    public void A_control_plane_does_not_start_with_bindings_that_it_does_not_understand(string json, string reason)
    {
        _ = new DataDirectory(Data);
        File.WriteAllText(PathOf(WorkloadBindings.FileName), json);
        Assert.Contains(reason, Assert.Throws<CertificateAuthorityException>(() => Rules()).Message, StringComparison.Ordinal);
    }

    private void Bind(string account, Dictionary<string, IReadOnlyList<string>> labels, string[] workloads) =>
        new WorkloadBindings(new DataDirectory(Data)).Bind(account, new WorkloadBinding(labels, workloads));

    private AccountRules Rules(bool everyoneBound = false) => new(new DataDirectory(Data), everyoneBound, new Logger<AccountRules>(Logs));

    private static ClientNode Node(string workload, params (string Name, string Value)[] labels) => new(
        "sidecar~127.0.0.1~w.default~default.svc.cluster.local",
        new ProxyView(ProxyProfile.Mesh, "default", "reviews", workload, EquatableMap.From(labels.Select(l => KeyValuePair.Create(l.Name, l.Value))), new LocalityId("", "", "")),
        "127.0.0.1",
        [KeyValuePair.Create("http", 9080)]);
}
