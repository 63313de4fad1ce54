using Envoy.Service.Discovery.V3;
using Google.Protobuf;
using ProxylessMesh.ControlPlane.Discovery;
using ProxylessMesh.Testing.Mutations;
using ProxylessMesh.Xds.Grpc;
using static ProxylessMesh.ControlPlane.Tests.Discovery.FakeResources;

namespace ProxylessMesh.ControlPlane.Tests.Discovery;

/// <summary>Requests that repeat names are known without reading them, and only those.</summary>
public sealed class SotwRequestReaderTests
{
    private const int MostFields = 1000;

    private readonly SotwVariant _variant = new();

    [Fact]
    public void An_acceptance_repeats_the_names()
    {
        Subscribe(Rds, "r1", "r2");

        var read = Read(Request(Rds, "r1", "r2"));

        Assert.True(read.RepeatsNames);
        Assert.Empty(read.Message.ResourceNames);
        Assert.Equal((Rds, "n", "v"), (read.Message.TypeUrl, read.Message.ResponseNonce, read.Message.VersionInfo));
    }

    [Fact]
    public void So_does_a_refusal()
    {
        Subscribe(Rds, "r1", "r2");
        var request = Request(Rds, "r1", "r2");
        request.ErrorDetail = new Google.Rpc.Status { Message = "no" };

        var read = Read(request);

        Assert.True(read.RepeatsNames);
        Assert.Equal("no", _variant.Head(read).Error);
    }

    [Theory]
    [InlineData("r1")]
    [InlineData("r1", "r2", "r3")]
    [InlineData("r2", "r1")]
    [InlineData("r1", "r3")]
    [InlineData("r1", "r22")]
    [InlineData("r1", "r1")]
    [InlineData("r1", "r2", "*")]
    public void Other_names_are_read(params string[] names)
    {
        Subscribe(Rds, "r1", "r2");

        var read = Read(Request(Rds, names));

        Assert.False(read.RepeatsNames);
        Assert.Equal(names, read.Message.ResourceNames);
    }

    [Fact]
    public void The_order_of_the_last_request_counts()
    {
        var subscription = Subscribe(Rds, "r1", "r2");

        subscription.Apply(Read(Request(Rds, "r2", "r1")));

        Assert.True(Read(Request(Rds, "r2", "r1")).RepeatsNames);
        Assert.False(Read(Request(Rds, "r1", "r2")).RepeatsNames);
    }

    [Fact]
    public void So_are_the_names_of_another_type()
    {
        Subscribe(Rds, "r1");
        Subscribe(Cds, "c1");

        Assert.False(Read(Request(Cds, "r1")).RepeatsNames);
        Assert.True(Read(Request(Cds, "c1")).RepeatsNames);
        Assert.False(Read(Request(Eds, "c1")).RepeatsNames);
    }

    [Fact]
    public void And_names_beyond_ascii()
    {
        Subscribe(Rds, "straße");

        Assert.Equal(["straße"], Read(Request(Rds, "straße")).Message.ResourceNames);
    }

    [Fact]
    public void And_no_names_which_may_mean_everything()
    {
        Subscribe(Cds);

        Assert.False(Read(Request(Cds)).RepeatsNames);
    }

    [Fact]
    public void Names_that_stand_apart_are_read()
    {
        Subscribe(Rds, "r1", "r2");

        var read = Read([.. new DiscoveryRequest { ResourceNames = { "r1" } }.ToByteArray(), .. Request(Rds, "r2").ToByteArray()]);

        Assert.False(read.RepeatsNames);
        Assert.Equal(["r1", "r2"], read.Message.ResourceNames);
    }

    [Fact]
    public void The_last_of_several_types_counts()
    {
        Subscribe(Rds, "r1");
        Subscribe(Cds, "c1");

        var read = Read([.. new DiscoveryRequest { TypeUrl = Rds }.ToByteArray(), .. Request(Cds, "c1").ToByteArray()]);

        Assert.True(read.RepeatsNames);
        Assert.Equal(Cds, read.Message.TypeUrl);
    }

    [Fact]
    public void A_name_in_a_field_whose_number_is_longer_than_it_may_be_is_read()
    {
        Subscribe(Rds, "r1");

        // Field 3 with a bit that the parser cuts off.
        byte[] hidden = [0x9A, 0x80, 0x80, 0x80, 0x10, 2, (byte)'r', (byte)'2'];

        Assert.False(ReadOrNull([.. Request(Rds, "r1").ToByteArray(), .. hidden])?.RepeatsNames);
    }

    [Fact]
    public void A_request_with_much_else_is_read()
    {
        Subscribe(Rds, "r1");
        var request = Request(Rds, "r1");
        request.ErrorDetail = new Google.Rpc.Status { Message = new string('x', 100_000) };

        var read = Read(request);

        Assert.False(read.RepeatsNames);
        Assert.Equal(request, read.Message);
    }

    [Fact]
    public void Whatever_comes_a_subscription_is_as_if_all_was_read()
    {
        var random = new Random(1);
        var mutator = new WireMutator(1);
        var plain = new SotwSubscription(Rds, allByDefault: false);
        var (repeated, damaged) = (0, 0);
        var quick = (SotwSubscription)_variant.Subscribe(Rds, allByDefault: false);
        for (var round = 0; round < 20_000; round++)
        {
            var names = Enumerable.Range(0, 5).Where(_ => random.Next(20) > 0).Select(i => random.Next(100) == 0 ? "*" : $"r{i}");
            var bytes = Request(Rds, [.. names]).ToByteArray();
            bytes = random.Next(5) == 0 ? mutator.Mutate(bytes) : bytes;
            var read = ReadOrNull(bytes);
            Assert.Equal(Parsed(bytes) is null, read is null);
            if (read is null || read.Message.TypeUrl != Rds)
            {
                damaged++;
                continue;
            }

            repeated += read.RepeatsNames ? 1 : 0;
            Assert.Equal(plain.Apply(new SotwRequest(Parsed(bytes)!, RepeatsNames: false)), quick.Apply(read));
            Assert.Equal(plain.Status, quick.Status);
        }

        Assert.InRange(repeated, 1000, 19_000);
        Assert.InRange(damaged, 100, 5000);
    }

    private static DiscoveryRequest Request(string type, params string[] names) =>
        new() { TypeUrl = type, ResourceNames = { names }, ResponseNonce = "n", VersionInfo = "v" };

    private static DiscoveryRequest? Parsed(byte[] bytes)
    {
        try
        {
            return DiscoveryRequest.Parser.ParseFrom(bytes);
        }
        catch (InvalidProtocolBufferException)
        {
            return null;
        }
    }

    private SubscriptionOf<SotwRequest> Subscribe(string type, params string[] names)
    {
        var subscription = _variant.Subscribe(type, allByDefault: type == Cds);
        subscription.Apply(new SotwRequest(Request(type, names), RepeatsNames: false));
        return subscription;
    }

    private SotwRequest Read(DiscoveryRequest request) => Read(request.ToByteArray());

    private SotwRequest Read(byte[] bytes) => _variant.Decode(bytes, MostFields);

    private SotwRequest? ReadOrNull(byte[] bytes)
    {
        try
        {
            return Read(bytes);
        }
        catch (GrpcException e) when (e.Status == GrpcStatusCode.Internal)
        {
            return null;
        }
    }
}
