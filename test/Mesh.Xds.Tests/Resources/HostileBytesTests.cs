using Google.Protobuf;
using ProxylessMesh.Testing;
using ProxylessMesh.Xds.Ads;
using ProxylessMesh.Xds.Resources;

namespace ProxylessMesh.Xds.Tests.Resources;

/// <summary>Whatever bytes a control plane sends, a decoder answers with a value or with errors, and keeps to its memory.</summary>
public sealed class HostileBytesTests
{
    private const int Rounds = 100_000;

    /// <summary>Far above what a few hundred bytes ever need, far below what an amplification would take.</summary>
    private const long MaxBytesPerDecode = 4 << 20;

    [Fact]
    public void Listeners() => Attack(ResourceKinds.Listener, IstioShapes.InboundListener(), IstioShapes.OutboundListener());

    [Fact]
    public void Routes() => Attack(ResourceKinds.Route, IstioShapes.Routes(), IstioShapes.Routes(a => a.Timeout = Decoding.Seconds(1)));

    [Fact]
    public void Clusters() => Attack(ResourceKinds.Cluster, IstioShapes.EdsCluster());

    [Fact]
    public void Endpoints() => Attack(ResourceKinds.Endpoints, IstioShapes.Endpoints());

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

    private static void Attack<T>(ResourceKind<T> kind, params IMessage[] seeds)
        where T : class
    {
        var random = new SeededRandom(kind.ShortName[0]);
        var bytes = seeds.Select(seed => seed.ToByteArray()).ToArray();
        var (values, worst) = (0, 0L);
        for (var round = 0; round < Rounds; round++)
        {
            var input = Mutate(bytes[round % bytes.Length], random);
            var before = GC.GetAllocatedBytesForCurrentThread();
            var result = kind.Decode(ByteString.CopyFrom(input));
            worst = Math.Max(worst, GC.GetAllocatedBytesForCurrentThread() - before);

            Assert.True(result.Value is null == result.Errors.Count > 0, "a result is a value or errors");
            values += result.Value is null ? 0 : 1;
        }

        Assert.InRange(worst, 1, MaxBytesPerDecode);
        Assert.InRange(values, 1, Rounds - 1);
    }

    /// <summary>One to eight changes: a bit, a byte, a cut, a repetition, or nothing left but noise.</summary>
    private static byte[] Mutate(byte[] seed, SeededRandom random)
    {
        var input = (byte[])seed.Clone();
        for (var changes = 1 + random.Next(8); changes > 0 && input.Length > 0; changes--)
        {
            var at = random.Next(input.Length);
            switch (random.Next(20))
            {
                case 0:
                    input = input[..at];
                    break;
                case 1:
                    input = [.. input[..at], .. input[random.Next(at + 1)..]];
                    break;
                case 2:
                    input = [.. Enumerable.Range(0, random.Next(64)).Select(_ => (byte)random.Next(256))];
                    break;
                case < 8:
                    input[at] = (byte)random.Next(256);
                    break;
                default:
                    input[at] ^= (byte)(1 << random.Next(8));
                    break;
            }
        }

        return input;
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
