using ProxylessMesh.ControlPlane.Resources;

namespace ProxylessMesh.ControlPlane.Tests.Model;

public class VirtualServiceIndexTests
{
    private const string Host = "reviews.default.svc.cluster.local";

    [Theory]
    [InlineData("default", "private,named,public-old,public-new")]
    [InlineData("prod", "named,public-old,public-new")]
    [InlineData("other", "public-old,public-new")]
    public void Private_goes_before_exported_by_name_before_public_and_oldest_first_in_each(string clientNamespace, string expected)
    {
        var model = Mesh.Of(
            Of("default/public-new@5"),
            Of("default/public-old@1"),
            Of("default/private@9", "."),
            Of("shared/named@7", "prod,default"));

        Assert.Equal(expected, string.Join(',', Find(model, clientNamespace)));
    }

    [Fact]
    public void Equally_old_ones_go_by_name_then_by_namespace()
    {
        var model = Mesh.Of(Of("b/same"), Of("a/same"), Of("z/first-by-name"));

        Assert.Equal(["z/first-by-name", "a/same", "b/same"], model.VirtualServices.Find(Host, "default").Select(v => $"{v.Meta.Id.Namespace}/{v.Meta.Id.Name}"));
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("mesh", true)]
    [InlineData("ingress,mesh", true)]
    [InlineData("ingress", false)]
    public void Only_those_for_the_mesh_count(string gateways, bool applies)
    {
        var model = Mesh.Of(Mesh.VirtualService("v", Host, gateways: gateways, http: Mesh.Route("reviews")));

        Assert.Equal(applies, model.VirtualServices.Find(Host, "default").Count == 1);
    }

    [Fact]
    public void An_exact_host_goes_before_a_wildcard_and_a_longer_wildcard_before_a_shorter()
    {
        var model = Mesh.Of(
            Mesh.VirtualService("exact@9", "a.b.example.com", http: Mesh.Route("x")),
            Mesh.VirtualService("long@5", "*.b.example.com", http: Mesh.Route("x")),
            Mesh.VirtualService("short@1", "*.example.com", http: Mesh.Route("x")));

        Assert.Equal("exact", model.VirtualServices.Find("a.b.example.com", "default")[0].Meta.Id.Name);
        Assert.Equal("long", model.VirtualServices.Find("z.b.example.com", "default")[0].Meta.Id.Name);
        Assert.Equal("short", model.VirtualServices.Find("z.example.com", "default")[0].Meta.Id.Name);
        Assert.Equal("long", model.VirtualServices.Find("*.b.example.com", "default")[0].Meta.Id.Name);
        Assert.Empty(model.VirtualServices.Find("example.com", "default"));
    }

    [Fact]
    public void A_host_that_the_client_does_not_see_leaves_room_for_a_wildcard_that_it_sees()
    {
        var model = Mesh.Of(
            Mesh.VirtualService("prod/exact", "a.example.com", exportTo: ".", http: Mesh.Route("x")),
            Mesh.VirtualService("wild", "*.example.com", http: Mesh.Route("x")));

        Assert.Equal("wild", model.VirtualServices.Find("a.example.com", "default")[0].Meta.Id.Name);
    }

    [Theory]
    [InlineData("reviews", "reviews.prod.svc.cluster.local")]
    [InlineData("Reviews", "reviews.prod.svc.cluster.local")]
    [InlineData("reviews.default", "reviews.default")]
    public void A_host_without_a_dot_belongs_to_the_resources_namespace(string written, string meant)
    {
        var model = Mesh.Of(Mesh.VirtualService("prod/v", written, http: Mesh.Route("x")));

        Assert.Single(model.VirtualServices.Find(meant, "default"));
    }

    private static VirtualService Of(string id, string exportTo = "") => Mesh.VirtualService(id, Host, exportTo, http: Mesh.Route("reviews"));

    private static IEnumerable<string> Find(ProxylessMesh.ControlPlane.Model.MeshModel model, string clientNamespace) =>
        model.VirtualServices.Find(Host, clientNamespace).Select(v => v.Meta.Id.Name);
}
