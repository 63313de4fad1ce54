using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Google.Protobuf;
using ProxylessMesh.Testing;
using ProxylessMesh.Xds.Identity.WorkloadApi;
using Spiffe.Workload;

namespace ProxylessMesh.Xds.Tests.Identity.WorkloadApi;

/// <summary>What an agent sends is bytes of another process: read whole, or refused with a reason.</summary>
public sealed class X509SvidReaderTests : IDisposable
{
    private const string Id = "spiffe://cluster.local/ns/default/sa/reviews";

    private static readonly Dictionary<string, (Action<X509SVIDResponse> Break, string Reason)> Broken = new()
    {
        ["nobody"] = (r => r.Svids.Clear(), "no SVID"),
        ["no certificate"] = (r => r.Svids[0].X509Svid = ByteString.Empty, "A certificate is missing"),
        ["no roots"] = (r => r.Svids[0].Bundle = ByteString.Empty, "A certificate is missing"),
        ["no key"] = (r => r.Svids[0].X509SvidKey = ByteString.Empty, ""),
        ["text for a certificate"] = (r => r.Svids[0].X509Svid = ByteString.CopyFromUtf8("-----BEGIN CERTIFICATE-----"), ""),
        ["half a certificate"] = (r => r.Svids[0].X509Svid = Half(r.Svids[0].X509Svid), ""),
        ["half of the roots"] = (r => r.Svids[0].Bundle = Half(r.Svids[0].Bundle), ""),
        ["half a key"] = (r => r.Svids[0].X509SvidKey = Half(r.Svids[0].X509SvidKey), ""),
        ["the key of somebody else"] = (r => r.Svids[0].X509SvidKey = OtherKey(), ""),
        ["the name of somebody else"] = (r => r.Svids[0].SpiffeId = "spiffe://cluster.local/ns/default/sa/ratings", "somebody else"),
        ["an authority for a workload"] = (r => r.Svids[0].X509Svid = r.Svids[0].Bundle, ""),
        ["too many bytes"] = (r => r.Svids[0].Bundle = ByteString.CopyFrom(new byte[300_000]), "more than 262144 bytes"),
        ["too many certificates"] = (r => r.Svids[0].Bundle = ByteString.CopyFrom([.. Enumerable.Repeat(r.Svids[0].Bundle, 65).SelectMany(b => b)]), "more than 64 certificates"),
        ["too many federations"] = (r => AddBundles(r, 65), "more than 64 federated bundles"),
        ["the federation of no trust domain"] = (r => r.FederatedBundles["No Domain"] = r.Svids[0].Bundle, "no trust domain"),
        ["an empty federation"] = (r => r.FederatedBundles["other.example"] = ByteString.Empty, "A certificate is missing"),
        ["a damaged list"] = (r => r.Crl.Add(ByteString.CopyFrom(1, 2, 3)), ""),
    };

    private readonly TestAuthority _authority = new(TimeProvider.System);
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public static TheoryData<string> Names => [.. Broken.Keys];

    public void Dispose() => _key.Dispose();

    [Fact]
    public void The_first_SVID_is_the_workloads_identity()
    {
        var sent = Response();
        sent.Svids.Add(new X509SVID { SpiffeId = "spiffe://cluster.local/ns/default/sa/second" });
        sent.FederatedBundles["spiffe://other.example"] = sent.Svids[0].Bundle;

        var state = X509SvidReader.Read(sent, TimeProvider.System);

        Assert.Equal(Id, state.Certificate.Id.ToString());
        Assert.Equal(_authority.Roots[0], Assert.Single(state.Bundle.Roots));
        Assert.Equal("other.example", Assert.Single(state.Bundle.Federated).Key);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void What_is_damaged_or_does_not_fit_is_refused(string name)
    {
        var sent = Response();
        Broken[name].Break(sent);

        var refused = Assert.ThrowsAny<CryptographicException>(() => X509SvidReader.Read(sent, TimeProvider.System));
        Assert.Contains(Broken[name].Reason, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void No_bytes_break_the_reader()
    {
        var whole = Response().ToByteArray();
        var random = new SeededRandom(7);
        for (var i = 0; i < 2000; i++)
        {
            var bytes = whole.AsSpan(0, i % 3 == 0 ? random.Next(whole.Length) : whole.Length).ToArray();
            for (var changes = random.Next(4); changes >= 0 && bytes.Length > 0; changes--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            try
            {
                X509SvidReader.Read(X509SVIDResponse.Parser.ParseFrom(bytes), TimeProvider.System);
            }
            catch (Exception e) when (e is CryptographicException or InvalidProtocolBufferException)
            {
                // Refused, as it should be.
            }
        }
    }

    private static ByteString Half(ByteString whole) => ByteString.CopyFrom(whole.Span[..(whole.Length / 2)]);

    private static ByteString OtherKey()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return ByteString.CopyFrom(key.ExportPkcs8PrivateKey());
    }

    private static void AddBundles(X509SVIDResponse response, int count)
    {
        for (var i = 0; i < count; i++)
        {
            response.FederatedBundles[$"domain{i}.example"] = response.Svids[0].Bundle;
        }
    }

    private X509SVIDResponse Response()
    {
        using var leaf = _authority.Issue(_key, new TestLeaf { Uris = [Id] });
        return new X509SVIDResponse
        {
            Svids =
            {
                new X509SVID
                {
                    SpiffeId = Id,
                    X509Svid = ByteString.CopyFrom(leaf.RawData),
                    X509SvidKey = ByteString.CopyFrom(_key.ExportPkcs8PrivateKey()),
                    Bundle = ByteString.CopyFrom(_authority.Roots[0].RawData),
                },
            },
        };
    }
}
