using ProxylessMesh.ControlPlane.Discovery;
using ProxylessMesh.ControlPlane.Model;
using ProxylessMesh.ControlPlane.Translation;
using ProxylessMesh.ControlPlane.Translation.Secrets;
using ProxylessMesh.Xds.Config;
using static ProxylessMesh.ControlPlane.Tests.Discovery.FakeResources;

namespace ProxylessMesh.ControlPlane.Tests.Discovery;

public sealed class ModelResourcesTests
{
    private const string Inbound = "xds.istio.io/grpc/lds/inbound/127.0.0.1:9080";

    private readonly ModelResources _resources = new("1", new MeshModel(new MeshSettings(), [], []));

    [Fact]
    public void Push_order_follows_the_references() => Assert.Equal([TrustAnchorsBuilder.TypeUrl, Cds, Eds, Lds, Rds], _resources.TypeUrls);

    [Fact]
    public void Clients_with_equal_views_share_encoded_bytes()
    {
        var one = _resources.ViewFor(Proxy("default")).Find(Lds, Inbound);
        var other = _resources.ViewFor(Proxy("default")).Find(Lds, Inbound);

        Assert.NotNull(one);
        Assert.Same(one.Bytes, other?.Bytes);
        Assert.NotSame(one.Bytes, _resources.ViewFor(Proxy("prod")).Find(Lds, Inbound)?.Bytes);
    }

    [Fact]
    public void What_is_asked_for_beyond_the_limits_is_answered_and_not_kept()
    {
        var view = _resources.ViewFor(Proxy("default"));
        for (var i = 0; i < 21_000; i++)
        {
            view.Find(Lds, $"xds.istio.io/grpc/lds/inbound/127.{i >> 16}.{(i >> 8) & 255}.{i & 255}:80");
        }

        var first = view.Find(Lds, Inbound);
        Assert.NotNull(first);
        Assert.NotSame(first.Bytes, view.Find(Lds, Inbound)?.Bytes);
    }

    private static ProxyView Proxy(string ns) =>
        new(ProxyProfile.Mesh, ns, "reviews", "reviews-v1", EquatableMap.From([new("app", "reviews")]), default);
}
