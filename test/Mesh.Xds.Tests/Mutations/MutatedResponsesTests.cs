using System.Globalization;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using ProxylessMesh.Testing.Mutations;
using ProxylessMesh.Xds.Ads;
using ProxylessMesh.Xds.Resources;

namespace ProxylessMesh.Xds.Tests.Mutations;

/// <summary>
/// Responses that are wrong in every way that dice can think of, through the decoders and both variants of the protocol: no exception,
/// bounded memory, the right answer, the old configuration kept. MESH_MUTATIONS says how many of each type and variant: 100000 of the ten
/// make a million.
/// </summary>
public sealed class MutatedResponsesTests
{
    private const int ByDefault = 5_000;

    private static readonly int s_count =
        int.TryParse(Environment.GetEnvironmentVariable("MESH_MUTATIONS"), NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : ByDefault;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Listeners(bool delta) => Attack(ResourceKinds.Listener, Envoy.Config.Listener.V3.Listener.Descriptor, MutationSeeds.Listeners, delta);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Routes(bool delta) => Attack(ResourceKinds.Route, Envoy.Config.Route.V3.RouteConfiguration.Descriptor, MutationSeeds.Routes, delta);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Clusters(bool delta) => Attack(ResourceKinds.Cluster, Envoy.Config.Cluster.V3.Cluster.Descriptor, MutationSeeds.Clusters, delta);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Endpoints(bool delta) => Attack(ResourceKinds.Endpoints, Envoy.Config.Endpoint.V3.ClusterLoadAssignment.Descriptor, MutationSeeds.Endpoints, delta);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Secrets(bool delta) => Attack(ResourceKinds.Secret, Envoy.Extensions.TransportSockets.Tls.V3.Secret.Descriptor, MutationSeeds.Secrets, delta);

    [Fact]
    public void Nesting_without_end_is_an_error_and_not_a_stack_overflow()
    {
        // A struct in a struct in a struct ..., in the metadata of a cluster (field 25).
        var value = Array.Empty<byte>();
        for (var depth = 0; depth < 5_000; depth++)
        {
            value = Field(1, [.. Field(1, "k"u8), .. Field(2, Field(5, value))]);
        }

        var cluster = Field(25, Field(1, [.. Field(1, "f"u8), .. Field(2, value)]));

        Assert.NotEmpty(ResourceKinds.Cluster.Decode(ByteString.CopyFrom(cluster)).Errors);
    }

    private static void Attack<T>(ResourceKind<T> kind, MessageDescriptor message, byte[][] seeds, bool delta)
        where T : class
    {
        var seed = kind.ShortName[0] + (delta ? 1000 : 0);
        var (mutator, filler, dice) = (new WireMutator(seed), new MessageFiller(seed), new Random(seed));
        var good = seeds[^1];
        var target = new MutationTarget<T>(kind, kind.Decode(ByteString.CopyFrom(good)).Name!, delta);
        for (var i = 0; i < s_count; i++)
        {
            var sample = seeds[i % seeds.Length];
            switch (dice.Next(10))
            {
                case < 5:
                    target.Send(mutator.Mutate(sample));
                    break;
                case < 8:
                    target.Send(filler.Fill(message, target.Name).ToByteArray());
                    break;
                case 8:
                    target.Receive(mutator.Mutate(target.Response(ByteString.CopyFrom(sample), outerName: null).ToByteArray()));
                    break;
                default:
                    target.Send(mutator.MutateBytes(sample));
                    break;
            }
        }

        target.ExpectToWork(good);
        Assert.InRange(target.Outcomes.Accepted, 1, s_count);
        Assert.InRange(target.Outcomes.Refused, 1, s_count);
    }

    private static byte[] Field(int number, ReadOnlySpan<byte> value)
    {
        using var stream = new MemoryStream();
        using (var output = new CodedOutputStream(stream, leaveOpen: true))
        {
            output.WriteTag(number, WireFormat.WireType.LengthDelimited);
            output.WriteBytes(ByteString.CopyFrom(value));
        }

        return stream.ToArray();
    }
}
