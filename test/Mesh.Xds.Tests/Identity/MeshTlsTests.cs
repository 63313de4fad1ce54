using System.Net.Security;
using ProxylessMesh.Testing;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Identity;

namespace ProxylessMesh.Xds.Tests.Identity;

public sealed class MeshTlsTests
{
    private static readonly UpstreamTlsConfig s_anyPeer = new("default", "default", [], "", []);
    private static readonly DownstreamTlsConfig s_strict = new("default", "default", RequireClientCertificate: true);

    private readonly FakeTime _time = new();
    private readonly TestAuthority _authority;

    public MeshTlsTests() => _authority = new TestAuthority(_time);

    [Fact]
    public async Task Both_sides_learn_each_others_id()
    {
        var (client, server) = (new HandshakePeer(), new HandshakePeer());
        var result = await HandshakeAsync(_authority.IssueFor("a"), _authority.IssueFor("b"), s_anyPeer, s_strict, client, server);

        Assert.Null(result.Client);
        Assert.Null(result.Server);
        Assert.Equal("h2", result.Alpn);
        Assert.Equal("spiffe://cluster.local/ns/default/sa/b", client.Id?.ToString());
        Assert.Equal("spiffe://cluster.local/ns/default/sa/a", server.Id?.ToString());
    }

    [Fact]
    public async Task Intermediates_travel_with_the_leaf()
    {
        var below = _authority.CreateIntermediate().CreateIntermediate();
        var result = await HandshakeAsync(below.IssueFor("a"), below.IssueFor("b"), s_anyPeer, s_strict);

        Assert.Null(result.Client);
        Assert.Null(result.Server);
    }

    [Theory]
    [InlineData(true, "does not chain to a root of trust domain cluster.local")]
    [InlineData(false, "belongs to another trust domain than cluster.local")]
    public async Task A_server_of_another_root_is_refused(bool sameName, string reason)
    {
        var other = new TestAuthority(_time, sameName ? "cluster.local" : "other.example");
        var stranger = other.IssueFor("b") with { Bundle = _authority.Bundle };
        var peer = new HandshakePeer();
        var result = await HandshakeAsync(_authority.IssueFor("a"), stranger, s_anyPeer, s_strict, peer);

        Assert.IsType<System.Security.Authentication.AuthenticationException>(result.Client);
        Assert.NotNull(result.Server);
        Assert.Null(peer.Id);
        Assert.Contains(reason, peer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_of_another_trust_domain_is_refused()
    {
        var stranger = new TestAuthority(_time, "other.example").IssueFor("a") with { Bundle = _authority.Bundle };
        string? logged = null;
        var peer = new HandshakePeer(reason => logged = reason);
        var result = await HandshakeAsync(stranger, _authority.IssueFor("b"), s_anyPeer, s_strict, server: peer);

        Assert.NotNull(result.Client);
        Assert.NotNull(result.Server);
        Assert.Contains("spiffe://other.example/ns/default/sa/a belongs to another trust domain", peer.Error, StringComparison.Ordinal);
        Assert.Equal(peer.Error, logged);
    }

    [Fact]
    public async Task An_expired_certificate_is_refused_by_the_meshs_own_clock()
    {
        var client = _authority.IssueFor("a");
        var server = _authority.IssueIdentity(
            "spiffe://cluster.local/ns/default/sa/b", new TestLeaf { NotAfter = _time.GetUtcNow().AddHours(1) });
        Assert.Null((await HandshakeAsync(client, server, s_anyPeer, s_strict)).Client);

        _time.Advance(TimeSpan.FromHours(2));
        var peer = new HandshakePeer();
        var result = await HandshakeAsync(client, server, s_anyPeer, s_strict, peer);

        Assert.NotNull(result.Client);
        Assert.Contains("the certificate expired at 2030-01-01 01:00:00Z", peer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_without_certificate_is_refused_where_one_is_required_and_welcome_where_not()
    {
        var bare = s_anyPeer with { IdentityProvider = null };
        var peer = new HandshakePeer();
        var refused = await HandshakeAsync(_authority.IssueFor("a"), _authority.IssueFor("b"), bare, s_strict, server: peer);

        Assert.NotNull(refused.Client);
        Assert.NotNull(refused.Server);
        Assert.Equal("the peer showed no certificate", peer.Error);

        var optional = new HandshakePeer();
        var accepted = await HandshakeAsync(
            _authority.IssueFor("a"), _authority.IssueFor("b"), bare, s_strict with { RequireClientCertificate = false }, server: optional);

        Assert.Null(accepted.Client);
        Assert.Null(accepted.Server);
        Assert.Null(optional.Id);
        Assert.Null(optional.Error);
    }

    [Fact]
    public async Task An_optional_certificate_that_is_shown_must_be_trusted()
    {
        var stranger = new TestAuthority(_time).IssueFor("a") with { Bundle = _authority.Bundle };
        var result = await HandshakeAsync(stranger, _authority.IssueFor("b"), s_anyPeer, s_strict with { RequireClientCertificate = false });

        Assert.NotNull(result.Server);
    }

    [Theory]
    [InlineData("Exact", "spiffe://cluster.local/ns/default/sa/b", true)]
    [InlineData("Exact", "spiffe://cluster.local/ns/default/sa/B", false)]
    [InlineData("Prefix", "spiffe://cluster.local/ns/default/", true)]
    [InlineData("Suffix", "/sa/c", false)]
    [InlineData("Contains", "/ns/default/", true)]
    [InlineData("Regex", "spiffe://.*/sa/[ab]", true)]
    [InlineData("Regex", "/sa/b", false)]
    public async Task The_server_must_have_one_of_the_configured_names(string kind, string value, bool accepted)
    {
        var config = s_anyPeer with
        {
            SubjectAltNames = [new(StringMatchKind.Exact, "spiffe://cluster.local/ns/x/sa/y"), new(Enum.Parse<StringMatchKind>(kind), value)],
        };
        var peer = new HandshakePeer();
        var result = await HandshakeAsync(_authority.IssueFor("a"), _authority.IssueFor("b"), config, s_strict, peer);

        Assert.Equal(accepted, result.Client is null);
        Assert.Equal(accepted, peer.Error is null);
    }

    [Fact]
    public async Task The_control_plane_is_known_by_its_host_name_and_the_meshs_roots()
    {
        var server = _authority.IssueIdentity(
            "spiffe://cluster.local/ns/istio-system/sa/istiod",
            new TestLeaf { DnsNames = ["localhost"], Addresses = ["127.0.0.1"] });
        var listener = MeshTls.ForServer(server, s_strict with { RequireClientCertificate = false }, [SslApplicationProtocol.Http2], _time);

        Assert.Null((await TlsPair.HandshakeAsync(MeshTls.ForControlPlane("localhost", _authority.Roots, null, _time), listener)).Client);
        Assert.Null((await TlsPair.HandshakeAsync(MeshTls.ForControlPlane("127.0.0.1", _authority.Roots, server.Certificate, _time), listener)).Client);
        Assert.NotNull((await TlsPair.HandshakeAsync(MeshTls.ForControlPlane("example.com", _authority.Roots, null, _time), listener)).Client);
        Assert.NotNull((await TlsPair.HandshakeAsync(MeshTls.ForControlPlane("localhost", new TestAuthority(_time).Roots, null, _time), listener)).Client);
        Assert.NotNull((await TlsPair.HandshakeAsync(MeshTls.ForControlPlane("localhost", null, null, _time), listener)).Client);
    }

    private Task<(Exception? Client, Exception? Server, string Alpn)> HandshakeAsync(
        IdentityState clientIdentity,
        IdentityState serverIdentity,
        UpstreamTlsConfig upstream,
        DownstreamTlsConfig downstream,
        HandshakePeer? client = null,
        HandshakePeer? server = null) => TlsPair.HandshakeAsync(
            MeshTls.ForClient(clientIdentity, upstream, [SslApplicationProtocol.Http2], _time, client),
            MeshTls.ForServer(serverIdentity, downstream, [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11], _time, server));
}
