using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using ProxylessMesh.Testing;
using ProxylessMesh.Xds.Bootstrap;
using ProxylessMesh.Xds.Identity;

namespace ProxylessMesh.Xds.Tests.Identity;

/// <summary>gRFC A87.</summary>
public sealed class SpiffeBundleMapTests : IDisposable
{
    private static readonly TimeSpan s_refresh = TimeSpan.FromMinutes(10);

    private readonly TemporaryDirectory _directory = new();
    private readonly FakeTime _time = new();
    private readonly CollectedLogs _logs = new();
    private readonly TestAuthority _home;
    private readonly TestAuthority _partner;

    public SpiffeBundleMapTests()
    {
        _home = new TestAuthority(_time);
        _partner = new TestAuthority(_time, "partner.example");
    }

    public void Dispose()
    {
        _directory.Dispose();
        _logs.Dispose();
    }

    [Fact]
    public async Task Each_root_vouches_for_its_own_domain_and_the_file_is_followed()
    {
        WriteIdentity();
        WriteMap(("cluster.local", [Key(_home)]), ("partner.example", [Key(_partner), Jwt()]));
        await using var source = Source();
        source.Start();

        Assert.Null(source.LastError);
        Assert.Equal("cluster.local", source.Current!.Bundle.TrustDomain);
        Assert.True(Trusts(source, _home.IssueFor("a")));
        Assert.True(Trusts(source, _partner.IssueFor("a")));
        Assert.False(Trusts(source, new TestAuthority(_time, "elsewhere.example").IssueFor("a")));
        Assert.False(Trusts(source, _partner.IssueIdentity("spiffe://cluster.local/ns/default/sa/admin")));
        Assert.False(Trusts(source, _home.IssueIdentity("spiffe://partner.example/ns/default/sa/admin")));

        var next = new TestAuthority(_time, "partner.example");
        WriteMap(("cluster.local", [Key(_home)]), ("partner.example", [Key(next)]));
        _time.Advance(s_refresh);
        Assert.False(Trusts(source, _partner.IssueFor("a")));
        Assert.True(Trusts(source, next.IssueFor("a")));

        // One wrong entry, and all of the last good file stays.
        WriteMap(("cluster.local", [Key(_home)]), ("partner.example", [Key(_partner)]), ("third.example", [new JsonObject { ["use"] = "x509-svid", ["kty"] = "EC" }]));
        _time.Advance(s_refresh);
        Assert.Contains("third.example", source.LastError, StringComparison.Ordinal);
        Assert.True(Trusts(source, next.IssueFor("a")));

        WriteMap(("partner.example", [Key(_partner)]));
        _time.Advance(s_refresh);
        Assert.Contains("no trust domain cluster.local", source.LastError, StringComparison.Ordinal);
        Assert.True(Trusts(source, next.IssueFor("a")));
    }

    [Fact]
    public async Task The_map_comes_before_the_file_of_roots()
    {
        WriteIdentity();
        WriteMap(("cluster.local", [Key(_home)]));
        File.WriteAllText(_directory.File("roots.pem"), _partner.Certificate.ExportCertificatePem());
        await using var source = Source("roots.pem");
        source.Start();
        Assert.Equal(_home.Certificate.RawData, Assert.Single(source.Current!.Bundle.Roots).RawData);
    }

    [Theory]
    [InlineData("", "not a JSON object")]
    [InlineData("[]", "not a JSON object")]
    [InlineData("{}", "no trust_domains")]
    [InlineData("""{"trust_domains": []}""", "no trust_domains")]
    [InlineData("""{"trust_domains": {"a": {"keys": []}, "a": {"keys": []}}}""", "not a JSON object")]
    [InlineData("""{"trust_domains": {"A.B": {"keys": []}}}""", "not a trust domain")]
    [InlineData("""{"trust_domains": {"spiffe://a": {"keys": []}}}""", "not a trust domain")]
    [InlineData("""{"trust_domains": {"a": {}}}""", "no keys")]
    [InlineData("""{"trust_domains": {"a": []}}""", "no keys")]
    [InlineData("""{"trust_domains": {"a": {"keys": [1]}}}""", "not of use x509-svid")]
    [InlineData("""{"trust_domains": {"a": {"keys": [{"kty": "EC", "x5c": ["AA=="]}]}}}""", "not of use x509-svid")]
    [InlineData("""{"trust_domains": {"a": {"keys": [{"use": "x509-svid", "kty": "oct", "x5c": ["AA=="]}]}}}""", "neither EC nor RSA")]
    [InlineData("""{"trust_domains": {"a": {"keys": [{"use": "x509-svid", "kty": "EC", "x5c": []}]}}}""", "not one certificate")]
    [InlineData("""{"trust_domains": {"a": {"keys": [{"use": "x509-svid", "kty": "EC", "x5c": ["AA==", "AA=="]}]}}}""", "not one certificate")]
    [InlineData("""{"trust_domains": {"a": {"keys": [{"use": "x509-svid", "kty": "EC", "x5c": ["!"]}]}}}""", "not one certificate")]
    public void What_is_not_of_the_form_is_refused_with_a_reason(string json, string reason) =>
        Assert.Contains(reason, Assert.ThrowsAny<CryptographicException>(() => SpiffeBundleMap.Read(Encoding.UTF8.GetBytes(json))).Message, StringComparison.Ordinal);

    [Fact]
    public void A_leaf_or_garbage_is_no_root()
    {
        using var key = ECDsa.Create();
        var leaf = new JsonObject { ["use"] = "x509-svid", ["kty"] = "EC", ["x5c"] = new JsonArray(Convert.ToBase64String(_home.Issue(key, new TestLeaf()).RawData)) };
        Assert.Contains("not an authority's", Assert.ThrowsAny<CryptographicException>(() => SpiffeBundleMap.Read(Map(("a", [leaf])))).Message, StringComparison.Ordinal);
        var good = Map(("a", [Key(_home)]));
        var random = new SeededRandom(87);
        for (var round = 0; round < 1000; round++)
        {
            var bytes = (byte[])good.Clone();
            bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            try
            {
                SpiffeBundleMap.Read(bytes);
            }
            catch (CryptographicException)
            {
            }
        }
    }

    private bool Trusts(FileIdentitySource source, IdentityState peer) => PeerVerifier.Verify(peer.Certificate.Leaf, [], source.Current!.Bundle, _time).IsTrusted;

    private FileIdentitySource Source(string? roots = null) => new(
        new TlsFilesConfig(roots is null ? null : _directory.File(roots), _directory.File("cert.pem"), _directory.File("key.pem"), s_refresh) { BundleMapFile = _directory.File("map.json") },
        _time,
        _logs.CreateLogger<FileIdentitySource>());

    private void WriteIdentity()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var leaf = _home.Issue(key, new TestLeaf { Uris = ["spiffe://cluster.local/ns/default/sa/reviews"] });
        File.WriteAllText(_directory.File("cert.pem"), leaf.ExportCertificatePem());
        File.WriteAllText(_directory.File("key.pem"), key.ExportPkcs8PrivateKeyPem());
    }

    private void WriteMap(params (string Domain, JsonNode[] Keys)[] domains) => File.WriteAllBytes(_directory.File("map.json"), Map(domains));

    private static byte[] Map(params (string Domain, JsonNode[] Keys)[] domains) => Encoding.UTF8.GetBytes(new JsonObject
    {
        ["trust_domains"] = new JsonObject(domains.Select(d => KeyValuePair.Create<string, JsonNode?>(d.Domain, new JsonObject { ["spiffe_sequence"] = 1, ["keys"] = new JsonArray(d.Keys) }))),
    }.ToJsonString());

    private static JsonObject Key(TestAuthority authority) =>
        new() { ["use"] = "x509-svid", ["kty"] = "EC", ["x5c"] = new JsonArray(Convert.ToBase64String(authority.Certificate.RawData)) };

    private static JsonObject Jwt() => new() { ["use"] = "jwt-svid", ["kty"] = "EC", ["kid"] = "1" };
}
