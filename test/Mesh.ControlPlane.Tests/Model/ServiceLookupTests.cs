using ProxylessMesh.ControlPlane.Model;
using ProxylessMesh.ControlPlane.Resources;

namespace ProxylessMesh.ControlPlane.Tests.Model;

public class ServiceLookupTests
{
    [Theory]
    [InlineData("reviews", "default", "reviews.default.svc.cluster.local")]
    [InlineData("reviews", "prod", "reviews.prod.svc.cluster.local")]
    [InlineData("reviews.prod", "default", "reviews.prod.svc.cluster.local")]
    [InlineData("reviews.prod.svc", "default", "reviews.prod.svc.cluster.local")]
    [InlineData("reviews.prod.svc.cluster.local", "default", "reviews.prod.svc.cluster.local")]
    [InlineData("reviews.prod.svc.cluster.local.", "default", "reviews.prod.svc.cluster.local")]
    [InlineData("Reviews.PROD", "default", "reviews.prod.svc.cluster.local")]
    [InlineData("reviews", "other", null)]
    [InlineData("reviews.other", "default", null)]
    [InlineData("api.example.com", "default", "api.example.com")]
    [InlineData("API.example.com.", "default", "api.example.com")]
    [InlineData("img.example.com", "default", "*.example.com")]
    [InlineData("a.img.example.com", "default", "*.img.example.com")]
    [InlineData("example.com", "default", null)]
    [InlineData("*.example.com", "default", "*.example.com")]
    [InlineData("", "default", null)]
    [InlineData(".", "default", null)]
    public void Finds_the_host_that_a_client_means(string requested, string clientNamespace, string? expected)
    {
        var model = Mesh.Of(
            Mesh.Service("default/reviews", ports: Mesh.Port(80)),
            Mesh.Service("prod/reviews", ports: Mesh.Port(80)),
            Mesh.ServiceEntry("wild", "*.example.com,*.img.example.com"),
            Mesh.ServiceEntry("api", "api.example.com"));

        Assert.Equal(expected, model.Services.Lookup(requested, 80, clientNamespace)?.Host);
    }

    [Fact]
    public void A_port_that_the_host_does_not_have_is_not_found() =>
        Assert.Null(Mesh.Of(Mesh.Service("reviews")).Services.Lookup("reviews", 81, "default"));

    [Fact]
    public void A_host_called_exactly_so_goes_before_an_alias()
    {
        var model = Mesh.Of(Mesh.Service("prod/reviews", ports: Mesh.Port(80)), Mesh.ServiceEntry("entry", "reviews.prod"));

        Assert.Equal("reviews.prod", model.Services.Lookup("reviews.prod", 80, "default")?.Host);
    }

    [Fact]
    public void A_service_goes_before_a_service_entry_of_its_host()
    {
        var model = Mesh.Of(
            Mesh.ServiceEntry("prod/entry", "reviews.prod.svc.cluster.local"),
            Mesh.Service("prod/reviews", ports: Mesh.Port(80)));

        Assert.Equal("reviews", model.Services.Lookup("reviews", 80, "prod")?.ShortName);
    }

    [Theory]
    [InlineData("", "default", true)]
    [InlineData("*", "default", true)]
    [InlineData(".", "default", false)]
    [InlineData(".", "prod", true)]
    [InlineData("default", "default", true)]
    [InlineData("default", "prod", false)]
    [InlineData("~", "prod", false)]
    public void ExportTo_says_who_sees_a_service_entry(string exportTo, string clientNamespace, bool visible)
    {
        var model = Mesh.Of(Mesh.ServiceEntry("prod/entry", "api.example.com", exportTo: exportTo));

        Assert.Equal(visible, model.Services.Lookup("api.example.com", 80, clientNamespace) is not null);
    }

    [Theory]
    [InlineData("default", false)]
    [InlineData("prod", true)]
    public void The_annotation_says_who_sees_a_service(string clientNamespace, bool visible)
    {
        var model = Mesh.Of(Mesh.Service("prod/reviews", annotations: "networking.istio.io/exportTo=."));

        Assert.Equal(visible, model.Services.Lookup("reviews.prod", 9080, clientNamespace) is not null);
    }

    [Fact]
    public void Among_entries_of_one_host_the_clients_own_namespace_then_the_oldest_goes_first()
    {
        var model = Mesh.Of(
            Mesh.ServiceEntry("b/newer@2", "api.example.com", ServiceEntryResolution.Dns),
            Mesh.ServiceEntry("a/older@1", "api.example.com"),
            Mesh.ServiceEntry("c/own@3", "api.example.com"));

        Assert.Equal("a", model.Services.Lookup("api.example.com", 80, "default")?.Namespace);
        Assert.Equal("c", model.Services.Lookup("api.example.com", 80, "c")?.Namespace);
    }

    [Fact]
    public void Entries_of_one_host_complement_each_others_ports()
    {
        var model = Mesh.Of(
            Mesh.ServiceEntry("plain", "api.example.com", port: Mesh.Port(80)),
            Mesh.ServiceEntry("secure", "api.example.com", port: Mesh.Port(443)));

        Assert.NotNull(model.Services.Lookup("api.example.com", 80, "default"));
        Assert.NotNull(model.Services.Lookup("api.example.com", 443, "default"));
    }
}
