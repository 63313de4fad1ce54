using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Istio.V1.Auth;
using Microsoft.Extensions.Logging;
using ProxylessMesh.ControlPlane.CertificateAuthority;
using ProxylessMesh.Testing;
using ProxylessMesh.Xds.Grpc;
using ProxylessMesh.Xds.Identity;

namespace ProxylessMesh.ControlPlane.Tests.CertificateAuthority;

public sealed class CertificateServiceTests : AuthorityFixture
{
    private readonly MeshCertificateAuthority _authority;
    private readonly JoinTokens _tokens;
    private readonly CallerIdentity _callers;
    private readonly CertificateService _service;
    private readonly ECDsa _key = SigningRequest.NewKey();

    public CertificateServiceTests()
    {
        _authority = Open();
        _tokens = JoinTokens.Open(Data, Time);
        _callers = new CallerIdentity(_authority, _tokens, Time);
        _service = new CertificateService(
            _authority, _callers, new Logger<CertificateService>(Logs));
    }

    [Fact]
    public void A_join_token_gets_a_certificate_of_its_account()
    {
        using var leaf = Ask("Bearer " + Token(), null);
        Assert.Equal(Reviews, MeshTls.PeerIdOf(leaf));
        Assert.Equal(Time.GetUtcNow().AddHours(24).UtcDateTime, leaf.NotAfter.ToUniversalTime());
    }

    [Fact]
    public void A_certificate_gets_the_next_one()
    {
        using var leaf = Ask("bearer " + Token(), null);
        using var next = Ask(null, leaf);
        Assert.Equal(Reviews, MeshTls.PeerIdOf(next));
        Assert.NotEqual(leaf.SerialNumber, next.SerialNumber);
    }

    [Fact]
    public void A_certificate_of_an_alias_gets_one_of_the_trust_domain()
    {
        using var renamed = Open(Options with { TrustDomain = "new.example", TrustDomainAliases = ["cluster.local"] });
        using var leaf = Ask("Bearer " + Token(), null);
        Assert.Equal("spiffe://new.example/ns/default/sa/reviews", new CallerIdentity(renamed, _tokens, Time).Verify(null, leaf).Id?.ToString());
        Assert.Equal(Reviews, PeerVerifier.Verify(leaf, [], renamed.Bundle, Time).Id);

        using var unrelated = Open(Options with { TrustDomain = "new.example" });
        Assert.Contains("another trust domain", new CallerIdentity(unrelated, _tokens, Time).Verify(null, leaf).Error, StringComparison.Ordinal);
        var stranger = TestAuthority.Load(Time, "third.example", PathOf("ca-cert.pem"), PathOf("ca-key.pem")).IssueFor("reviews").Certificate.Leaf;
        Assert.Contains("another trust domain", new CallerIdentity(renamed, _tokens, Time).Verify(null, stranger).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void The_certificate_comes_before_the_token()
    {
        using var leaf = Ask("Bearer " + Token(), null);
        using var next = Ask("Bearer " + _tokens.Create("prod", "other", TimeSpan.FromHours(1)), leaf);
        using var spoiltToken = Ask("Bearer nonsense", leaf);
        Assert.Equal(Reviews, MeshTls.PeerIdOf(next));
        Assert.Equal(Reviews, MeshTls.PeerIdOf(spoiltToken));
    }

    [Fact]
    public void A_token_helps_when_the_certificate_is_of_no_use_any_more()
    {
        using var stranger = new TestAuthority(Time).IssueFor("reviews").Certificate.Leaf;
        using var leaf = Ask("Bearer " + Token(), stranger);
        Assert.Equal(Reviews, MeshTls.PeerIdOf(leaf));
    }

    [Fact]
    public void Who_proves_nothing_gets_nothing()
    {
        Unauthenticated(null, null, "proves no identity");
        Unauthenticated("Basic abc", null, "is not a bearer token");
        Unauthenticated("Bearer", null, "is not a bearer token");
        Unauthenticated("Bearer ", null, "is not a join token");
        Unauthenticated("Bearer a.b.c", null, "is not a join token");
        Unauthenticated("Bearer a.b", null, "not made with this control plane's key");
    }

    [Fact]
    public void A_certificate_that_is_not_of_this_mesh_proves_nothing()
    {
        Unauthenticated(null, new TestAuthority(Time).IssueFor("reviews").Certificate.Leaf, "does not chain to a root");
        Unauthenticated(null, new TestAuthority(Time, "other").IssueFor("reviews").Certificate.Leaf, "another trust domain");
        Unauthenticated("Bearer x", new TestAuthority(Time).IssueFor("reviews").Certificate.Leaf, "is not a join token, and the certificate does not chain");
        Unauthenticated(null, _authority.Bundle.Roots[0], "");

        using var leaf = Ask("Bearer " + Token(), null);
        Time.Advance(TimeSpan.FromHours(25));
        Unauthenticated(null, leaf, "expired");
    }

    [Fact]
    public void A_bad_request_is_the_callers_fault_and_says_why()
    {
        var refused = Assert.Throws<GrpcException>(() => _service.CreateCertificate(new IstioCertificateRequest { Csr = "hello" }, _callers.Verify("Bearer " + Token(), null)));
        Assert.Equal(GrpcStatusCode.InvalidArgument, refused.Status);
        Assert.Equal("the signing request is not PKCS#10 in PEM", refused.Detail);
        Assert.Contains(Logs.Entries, e => e.Id.Id == 4305 && e.Text.Contains(Reviews.ToString(), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(long.MinValue, 86400)]
    [InlineData(0, 86400)]
    [InlineData(3600, 3600)]
    [InlineData(long.MaxValue, 86400)]
    public void Any_validity_may_be_asked_for(long asked, int given)
    {
        using var leaf = Ask("Bearer " + Token(), null, asked);
        Assert.Equal(Time.GetUtcNow().AddSeconds(given).UtcDateTime, leaf.NotAfter.ToUniversalTime());
    }

    [Fact]
    public void A_single_use_token_gets_one_certificate_even_across_restarts()
    {
        var token = _tokens.Create("default", "reviews", TimeSpan.FromHours(1), singleUse: true);
        var twice = _callers.Verify("Bearer " + token, null);
        Assert.Throws<GrpcException>(() => _service.CreateCertificate(new IstioCertificateRequest { Csr = "hello" }, twice));
        using var leaf = Ask("Bearer " + token, null);
        Assert.Equal(Reviews, MeshTls.PeerIdOf(leaf));

        Unauthenticated("Bearer " + token, null, "was good for one certificate");
        var late = Assert.Throws<GrpcException>(() => _service.CreateCertificate(new IstioCertificateRequest { Csr = SigningRequest.Create(_key) }, twice));
        Assert.Equal(GrpcStatusCode.Unauthenticated, late.Status);
        Assert.Null(JoinTokens.Open(Data, Time).Verify(token, out var error));
        Assert.Contains("was good for one certificate", error, StringComparison.Ordinal);
        using var next = Ask(null, leaf);
        Assert.Equal(Reviews, MeshTls.PeerIdOf(next));
    }

    [Fact]
    public void When_spent_tokens_cannot_be_remembered_no_more_are_taken()
    {
        var spent = new SpentTokens(new DataDirectory(Data), Time);
        File.WriteAllLines(PathOf("spent-tokens"), Enumerable.Range(0, SpentTokens.MaxTokens).Select(i => $"{i:x16} {Time.GetUtcNow().AddHours(1).ToUnixTimeSeconds()}"));
        Assert.False(spent.TryAdd("another", Time.GetUtcNow().AddHours(1)));
        Time.Advance(TimeSpan.FromHours(2));
        Assert.True(spent.TryAdd("another", Time.GetUtcNow().AddHours(1)));
        Assert.False(spent.TryAdd("another", Time.GetUtcNow().AddHours(1)));

        File.WriteAllText(PathOf("spent-tokens"), "damaged");
        Assert.Throws<CertificateAuthorityException>(() => new SpentTokens(new DataDirectory(Data), Time).Contains("x"));
    }

    [Fact]
    public void No_token_is_ever_logged()
    {
        var token = Token();
        Ask("Bearer " + token, null).Dispose();
        Unauthenticated("Bearer " + token + "x", null, "");
        Time.Advance(TimeSpan.FromHours(2));
        Unauthenticated("Bearer " + token, null, "expired");

        Assert.All(Logs.Entries, e => Assert.DoesNotContain(token[..20], e.Text, StringComparison.Ordinal));
        Assert.All(Logs.Entries, e => Assert.DoesNotContain(token[^20..], e.Text, StringComparison.Ordinal));
    }

    private string Token() => _tokens.Create("default", "reviews", TimeSpan.FromHours(1));

    private X509Certificate2 Ask(string? authorization, X509Certificate2? certificate, long validity = 0)
    {
        var request = new IstioCertificateRequest { Csr = SigningRequest.Create(_key), ValidityDuration = validity };
        return LeafOf(_service.CreateCertificate(request, _callers.Verify(authorization, certificate)).CertChain);
    }

    private void Unauthenticated(string? authorization, X509Certificate2? certificate, string reason)
    {
        var refused = Assert.Throws<GrpcException>(
            () => _service.CreateCertificate(new IstioCertificateRequest { Csr = SigningRequest.Create(_key) }, _callers.Verify(authorization, certificate)));
        Assert.Equal(GrpcStatusCode.Unauthenticated, refused.Status);
        Assert.Contains(reason, refused.Detail, StringComparison.Ordinal);
    }
}
