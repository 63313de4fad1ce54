using ProxylessMesh.ControlPlane.Model;
using ProxylessMesh.ControlPlane.Resources;
using static ProxylessMesh.ControlPlane.Resources.MutualTlsMode;

namespace ProxylessMesh.ControlPlane.Tests.Model;

public class PeerAuthenticationIndexTests
{
    [Fact]
    public void Nothing_said_is_permissive() => Assert.Equal(Permissive, Effective(Mesh.Of()));

    [Theory]
    [InlineData(Strict, Unset, Unset, Unset, Strict)]
    [InlineData(Strict, Disable, Unset, Unset, Disable)]
    [InlineData(Strict, Disable, Permissive, Unset, Permissive)]
    [InlineData(Strict, Disable, Permissive, Strict, Strict)]
    [InlineData(Unset, Unset, Unset, Unset, Permissive)]
    [InlineData(Unset, Unset, Unset, Disable, Disable)]
    [InlineData(Unset, Strict, Unset, Unset, Strict)]
    public void Each_level_overrides_the_one_before_unless_unset(object mesh, object ns, object workload, object port, object expected)
    {
        var model = Mesh.Of(
            Mesh.PeerAuthentication("istio-system/mesh", (MutualTlsMode)mesh),
            Mesh.PeerAuthentication("namespace", (MutualTlsMode)ns),
            Mesh.PeerAuthentication("workload", (MutualTlsMode)workload, "app=reviews", (9080, (MutualTlsMode)port)));

        Assert.Equal((MutualTlsMode)expected, Effective(model));
    }

    [Fact]
    public void A_port_of_its_own_leaves_other_ports_alone()
    {
        var model = Mesh.Of(Mesh.PeerAuthentication("workload", Strict, "app=reviews", (9081, Disable)));

        Assert.Equal(Strict, Effective(model));
        Assert.Equal(Disable, Effective(model, port: 9081));
    }

    [Theory]
    [InlineData("istio-system", "")]
    [InlineData("default", "")]
    [InlineData("default", "app=reviews")]
    public void The_oldest_of_a_level_wins(string ns, string selector)
    {
        var model = Mesh.Of(
            Mesh.PeerAuthentication($"{ns}/newer@2", Disable, selector),
            Mesh.PeerAuthentication($"{ns}/older@1", Strict, selector));

        Assert.Equal(Strict, Effective(model));
    }

    [Fact]
    public void A_selector_must_match_whole_and_in_the_same_namespace()
    {
        var model = Mesh.Of(
            Mesh.PeerAuthentication("more", Disable, "app=reviews,version=v9"),
            Mesh.PeerAuthentication("other/same", Disable, "app=reviews"));

        Assert.Equal(Permissive, Effective(model));
    }

    [Fact]
    public void Selectors_in_the_root_namespace_are_ignored() =>
        Assert.Equal(Permissive, Effective(Mesh.Of(Mesh.PeerAuthentication("istio-system/a", Strict, "app=reviews")), "istio-system"));

    private static MutualTlsMode Effective(MeshModel model, string ns = "default", int port = 9080) =>
        model.PeerAuthentications.Effective(ns, Mesh.Labels("app=reviews,version=v1"), port);
}
