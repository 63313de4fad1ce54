using Envoy.Service.Discovery.V3;
using Google.Protobuf;
using ProxylessMesh.Xds.Grpc;
using ProxylessMesh.Xds.Resources;
using ProxylessMesh.Xds.Tests.Resources;

namespace ProxylessMesh.Xds.Tests.Wire;

/// <summary>Messages of a few megabytes that would be gigabytes once they are objects.</summary>
public sealed class FieldLimitTests
{
    private const int Many = 1_000_001;
    private const byte FirstField = 1 << 3;
    private const byte SecondField = 2 << 3;
    private const byte Group = 3;
    private const byte EndGroup = 4;
    private const byte Message = 2;
    private const long MaxBytes = 1 << 20;

    [Fact]
    public void Empty_virtual_hosts() => ExpectRefusal(Empty(SecondField | Message, Many));

    [Fact]
    public void Empty_routes_of_one_virtual_host() => ExpectRefusal(Around(2, Empty((3 << 3) | Message, Many)));

    [Fact]
    public void Fields_that_nobody_knows() => ExpectRefusal(Empty((15 << 3) | Message, Many));

    [Fact]
    public void Behind_a_group_which_stops_the_count_and_not_the_parser() =>
        ExpectRefusal([FirstField | Group, FirstField | EndGroup], Empty(SecondField | Message, Many));

    [Fact]
    public void In_an_envelope()
    {
        var message = Empty(SecondField | Message, 5 * Many);
        byte[] frame = [0, (byte)(message.Length >> 24), (byte)(message.Length >> 16), (byte)(message.Length >> 8), (byte)message.Length, .. message];
        var reader = new GrpcFrameReader(new MemoryStream(frame), 32 * 1024 * 1024);
        var before = GC.GetAllocatedBytesForCurrentThread();

        var refused = Assert.Throws<GrpcException>(() => reader.ReadAsync(DiscoveryResponse.Parser, CancellationToken.None).AsTask().GetAwaiter().GetResult());

        Assert.Equal(GrpcStatusCode.ResourceExhausted, refused.Status);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4 * message.Length);
    }

    [Fact]
    public void What_is_merely_large_is_read()
    {
        var endpoints = IstioShapes.Endpoints();
        endpoints.Endpoints[0].LbEndpoints.AddRange(Enumerable.Range(0, 20_000).Select(i => IstioShapes.Endpoint($"10.0.{i >> 8}.{i & 255}", 80)));

        Assert.Equal(20_002, Decoding.Decode(ResourceKinds.Endpoints, endpoints).Localities[0].Endpoints.Count);
    }

    private static void ExpectRefusal(params byte[][] message)
    {
        var bytes = ByteString.CopyFrom([.. message.SelectMany(m => m)]);

        // The first time, descriptors come to be.
        ResourceKinds.Route.Decode(bytes);
        var before = GC.GetAllocatedBytesForCurrentThread();

        var result = ResourceKinds.Route.Decode(bytes);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, MaxBytes);
        Assert.Contains("holds more than 1000000 fields", Assert.Single(result.Errors), StringComparison.Ordinal);
    }

    private static byte[] Empty(byte tag, int count)
    {
        var message = new byte[2 * count];
        for (var i = 0; i < count; i++)
        {
            message[2 * i] = tag;
        }

        return message;
    }

    private static byte[] Around(int number, byte[] content)
    {
        using var stream = new MemoryStream();
        using (var output = new CodedOutputStream(stream, leaveOpen: true))
        {
            output.WriteTag(number, WireFormat.WireType.LengthDelimited);
            output.WriteBytes(ByteString.CopyFrom(content));
        }

        return stream.ToArray();
    }
}
