using System.Net;
using ProxylessMesh.ControlPlane.Registry;
using ProxylessMesh.ControlPlane.Tests.Model;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.ControlPlane.Tests.Registry;

/// <summary>However little of it is held, a workload is what it said that it is.</summary>
public sealed class RegisteredWorkloadTests
{
    [Theory]
    [InlineData("sidecar~10.0.0.1~reviews-v1-1a2b3c4d.default~default.svc.cluster.local", "10.0.0.1", "reviews-v1")]
    [InlineData("sidecar~10.0.0.1~reviews-v1-7d8f-x2x4q.default~default.svc.cluster.local", "10.0.0.1", "reviews-v1-7d8f-x2x4q")]
    [InlineData("router~10.0.0.1~gateway.istio-system~istio-system.svc.example.org", "10.0.0.1", "other")]
    [InlineData("sidecar~10.0.0.1~a-a.default~x", "10.0.0.1", "a")]
    [InlineData("sidecar~10.0.0.1~a-a-a.default~x", "10.0.0.1", "a-a")]
    [InlineData("sidecar~10.0.0.1~a-.default~x", "10.0.0.1", "a")]
    [InlineData("sidecar~10.0.0.1~-a.default~x", "10.0.0.1", "")]
    [InlineData("sidecar~10.0.0.1~a.b.c~x", "10.0.0.1", "a.b")]
    [InlineData("sidecar~10.0.0.1~.~x", "10.0.0.1", "")]
    [InlineData("sidecar~10.0.0.1~~", "10.0.0.1", "")]
    [InlineData("~10.0.0.1~a~", "10.0.0.1", "a")]
    [InlineData("sidecar~10.0.0.2~a.default~x", "10.0.0.1", "a")]
    [InlineData("sidecar~10.0.0.1~a.default~x~y", "10.0.0.1", "a")]
    [InlineData("sidecar~10.0.0.1~a.default", "10.0.0.1", "a")]
    [InlineData("~~~", "10.0.0.1", "~")]
    [InlineData("~~~", "", "")]
    [InlineData("", "10.0.0.1", "")]
    [InlineData("a", "10.0.0.1", "a")]
    [InlineData("10.0.0.1~a", "10.0.0.1", "a")]
    [InlineData("sidecar~2001:db8::1~reviews-1.default~x", "2001:db8::1", "reviews")]
    [InlineData("sidecar~fe80::1%3~reviews-1.default~x", "fe80::1%3", "reviews")]
    [InlineData("sidecar~::ffff:10.0.0.1~reviews-1.default~x", "::ffff:10.0.0.1", "reviews")]
    [InlineData("sidecar~10.0.0.1~reviews-1.default~x", "::ffff:10.0.0.1", "reviews")]
    [InlineData("sidecar~10.0.0.1~größe-😀.default~x", "10.0.0.1", "größe")]
    public void Is_whole_again_when_it_is_asked(string id, string address, string name)
    {
        var registry = new WorkloadRegistry();
        registry.Register(Workload(id, address, name));

        var workload = Assert.Single(registry.Current);

        Assert.Equal((id, address, name), (workload.Id, workload.Address, workload.Name));
        Assert.Equal(("default", "account", "eu/eu-1/"), (workload.Namespace, workload.ServiceAccount, workload.Locality.ToString()));
        Assert.Equal(Mesh.Labels("app=reviews"), workload.Labels);
        Assert.Equal([new("http", 8080), new("", 8081)], workload.Ports);
    }

    [Theory]
    [InlineData("10.0.0.1")]
    [InlineData("2001:db8:1:2:3:4:5:6")]
    [InlineData("::")]
    [InlineData("::1")]
    [InlineData("fe80::1%4294967295")]
    [InlineData("::ffff:1.2.3.4")]
    [InlineData("::1.2.3.4")]
    public void Every_address_stays_what_it_is(string address)
    {
        var canonical = IPAddress.Parse(address).ToString();

        Assert.Equal(canonical, Workload($"sidecar~{canonical}~a-1.default~x", canonical, "a").Address);
    }

    [Fact]
    public void An_address_with_a_tilde_is_none() =>
        Assert.Throws<ArgumentException>(() => Workload("a", "10.0.0.1~", "a"));

    [Fact]
    public void Instances_share_all_but_their_own_texts()
    {
        var one = Workload("sidecar~10.0.0.1~reviews-1.default~x", "10.0.0.1", "reviews");
        var other = Workload("sidecar~10.0.0.2~reviews-2.default~x", "10.0.0.2", "reviews");
        var pod = Workload("sidecar~10.0.0.3~reviews.default~x", "10.0.0.3", "reviews");

        Assert.Equal(one.Kind, other.Kind);
        Assert.Equal(one.Place, other.Place);
        Assert.NotEqual(one.Kind, pod.Kind);
    }

    [Fact]
    public void Whoever_left_leaves_nothing_behind()
    {
        var kinds = new WorkloadKinds();
        var workloads = Enumerable.Range(0, 50).Select(i => kinds.Share(Workload($"sidecar~10.0.0.{i}~reviews-{i}.default~x", $"10.0.0.{i}", i % 3 == 0 ? "reviews" : $"r{i}"))).ToList();

        Assert.False(kinds.IsEmpty);
        workloads.ForEach(kinds.Release);

        Assert.True(kinds.IsEmpty);
    }

    private static RegisteredWorkload Workload(string id, string address, string name) => new(
        id, "default", name, "account", Mesh.Labels("app=reviews"), address, [new("http", 8080), new("", 8081)], new LocalityId("eu", "eu-1", ""), acceptsMutualTls: true, authenticated: true);
}
