using Envoy.Config.Endpoint.V3;
using Envoy.Service.Discovery.V3;
using Google.Protobuf;
using ProxylessMesh.ControlPlane.Translation;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.ControlPlane.Tests.Translation;

public sealed class EncodedFieldsTests
{
    [Theory]
    [InlineData("outbound|80||reviews.default.svc.cluster.local", 100)]
    [InlineData("größe", 1)]
    [InlineData("a", 0)]
    [InlineData("", 3)]
    [InlineData("", 0)]
    [InlineData("long", 100_000)]
    public void Each_response_holds_the_resource(string name, int length)
    {
        var bytes = length == 0 ? ByteString.Empty : new ClusterLoadAssignment { ClusterName = new string('x', length) }.ToByteString();
        var resource = new TranslatedResource(name, bytes);
        var version = resource.Version;

        var delta = Assert.Single(DeltaDiscoveryResponse.Parser.ParseFrom(resource.InDelta(TypeUrl.Endpoints)).Resources);
        var sotw = Assert.Single(DiscoveryResponse.Parser.ParseFrom(resource.InStateOfTheWorld(TypeUrl.Endpoints)).Resources);

        Assert.Equal((name, version, TypeUrl.Endpoints, bytes), (delta.Name, delta.Version, delta.Resource_.TypeUrl, delta.Resource_.Value));
        Assert.Equal((TypeUrl.Endpoints, bytes), (sotw.TypeUrl, sotw.Value));
        Assert.Equal(bytes, resource.Bytes);
        Assert.Equal(version, new TranslatedResource(name, resource.Bytes).Version);
    }

    [Fact]
    public void The_resource_is_held_once()
    {
        var resource = new TranslatedResource("a", ByteString.CopyFrom(new byte[1000]));

        var delta = resource.InDelta(TypeUrl.Endpoints);

        Assert.True(delta.Span.Overlaps(resource.Bytes.Span));
        Assert.True(delta.Span.Overlaps(resource.InStateOfTheWorld(TypeUrl.Endpoints).Span));
    }
}
