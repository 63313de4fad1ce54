using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ProxylessMesh.Testing;
using ProxylessMesh.Xds.Identity;

namespace ProxylessMesh.Xds.Tests.Identity;

public sealed class RevocationListTests
{
    private readonly FakeTime _time = new();
    private readonly TestAuthority _root;
    private readonly TestAuthority _below;

    public RevocationListTests()
    {
        _root = new TestAuthority(_time);
        _below = _root.CreateIntermediate();
    }

    [Fact]
    public void Whoever_is_on_the_list_of_its_issuer_is_refused_and_nobody_else()
    {
        var (bad, good) = (Leaf(), Leaf());
        var bundle = Bundle(ListOf(_below, bad));

        Assert.Contains("is revoked", Verify(bad, bundle).Error, StringComparison.Ordinal);
        Assert.True(Verify(good, bundle).IsTrusted);
        Assert.True(Verify(bad, _root.Bundle).IsTrusted);
    }

    [Fact]
    public void A_revoked_intermediate_takes_all_below_with_it() =>
        Assert.Contains("an authority above", Verify(Leaf(), Bundle(ListOf(_root, _below.Certificate))).Error, StringComparison.Ordinal);

    [Fact]
    public void A_list_of_somebody_else_revokes_nothing()
    {
        var bad = Leaf();

        // The same serial number in the list of the wrong authority, and in one that only claims the right name.
        Assert.True(Verify(bad, Bundle(ListOf(_root, bad))).IsTrusted);
        var ofRoot = _root.Issue(Key(), new TestLeaf { Uris = [ScriptedIssuer.Id] });
        Assert.True(Verify(ofRoot, Bundle(ListOf(new TestAuthority(_time), ofRoot))).IsTrusted);
    }

    [Fact]
    public void A_list_that_is_past_its_next_update_still_counts()
    {
        var bad = Leaf();
        var bundle = Bundle(ListOf(_below, bad));
        _time.Advance(TimeSpan.FromHours(20));
        Assert.Contains("is revoked", Verify(bad, bundle).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Damaged_lists_are_refused_and_never_break_the_reader()
    {
        var pem = ListOf(_below, Leaf());
        var der = Convert.FromBase64String(string.Concat(pem.Split('\n').Where(l => !l.StartsWith('-'))));
        var random = new SeededRandom(5);
        for (var round = 0; round < 2000; round++)
        {
            var bytes = (byte[])der.Clone();
            bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            try
            {
                RevocationList.ReadAll(PemEncoding.WriteString("X509 CRL", bytes.AsSpan(0, random.Next(2) == 0 ? bytes.Length : random.Next(bytes.Length))));
            }
            catch (CryptographicException)
            {
            }
        }

        Assert.Throws<CryptographicException>(() => RevocationList.ReadAll("hello"));
        Assert.Throws<CryptographicException>(() => RevocationList.ReadAll(_root.Certificate.ExportCertificatePem()));
        Assert.Throws<CryptographicException>(() => RevocationList.ReadAll(new string('x', 2_000_000)));
        Assert.Empty(RevocationList.ReadAll(""));
    }

    private static ECDsa Key() => ECDsa.Create(ECCurve.NamedCurves.nistP256);

    private X509Certificate2 Leaf() => _below.Issue(Key(), new TestLeaf { Uris = [ScriptedIssuer.Id] });

    private TrustBundle Bundle(string lists) => _root.Bundle with { Revocations = RevocationList.ReadAll(lists) };

    private PeerVerification Verify(X509Certificate2 leaf, TrustBundle bundle) => PeerVerifier.Verify(leaf, _below.Intermediates, bundle, _time);

    private string ListOf(TestAuthority issuer, X509Certificate2 revoked)
    {
        var list = new CertificateRevocationListBuilder();
        list.AddEntry(revoked.SerialNumberBytes.Span, _time.GetUtcNow());
        var der = list.Build(issuer.Certificate, 1, _time.GetUtcNow().AddHours(1), HashAlgorithmName.SHA256, null, _time.GetUtcNow());
        return PemEncoding.WriteString("X509 CRL", der);
    }
}
