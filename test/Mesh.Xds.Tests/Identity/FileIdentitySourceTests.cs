using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;
using ProxylessMesh.Testing;
using ProxylessMesh.Xds.Bootstrap;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Identity;

namespace ProxylessMesh.Xds.Tests.Identity;

public sealed class FileIdentitySourceTests : IAsyncDisposable
{
    private const string Id = "spiffe://cluster.local/ns/default/sa/reviews";
    private const int NotRead = 1421;
    private static readonly TimeSpan s_refresh = TimeSpan.FromMinutes(10);

    private readonly TemporaryDirectory _directory = new();
    private readonly FakeTime _time = new();
    private readonly CollectedLogs _logs = new();
    private readonly TestAuthority _authority;
    private readonly FileIdentitySource _source;

    public FileIdentitySourceTests()
    {
        _authority = new TestAuthority(_time);
        File.WriteAllText(_directory.File("root.pem"), _authority.Certificate.ExportCertificatePem());
        _source = Create(new TlsFilesConfig(_directory.File("root.pem"), _directory.File("cert.pem"), _directory.File("key.pem"), s_refresh));
    }

    public async ValueTask DisposeAsync()
    {
        await _source.DisposeAsync();
        _directory.Dispose();
    }

    [Fact]
    public async Task Reads_the_files_at_start()
    {
        Write(NewCurve());

        _source.Start();

        Assert.Same(await _source.WaitAsync(CancellationToken.None), _source.Current);
        Assert.Equal(Id, _source.Current!.Certificate.Id.ToString());
        Assert.Equal(_authority.Certificate.RawData, Assert.Single(_source.Current.Bundle.Roots).RawData);
        Assert.Null(_source.LastError);
    }

    [Theory]
    [InlineData("ECDSA, PKCS#8")]
    [InlineData("ECDSA, SEC 1")]
    [InlineData("RSA, PKCS#8")]
    [InlineData("RSA, PKCS#1")]
    public async Task Reads_keys_of_both_kinds_in_every_form(string form)
    {
        using var curve = NewCurve();
        using var rsa = RSA.Create(2048);
        var isCurve = form.StartsWith("ECDSA", StringComparison.Ordinal);
        Write(
            isCurve ? new PublicKey(curve) : new PublicKey(rsa),
            form switch
            {
                "ECDSA, PKCS#8" => curve.ExportPkcs8PrivateKeyPem(),
                "ECDSA, SEC 1" => curve.ExportECPrivateKeyPem(),
                "RSA, PKCS#8" => rsa.ExportPkcs8PrivateKeyPem(),
                _ => rsa.ExportRSAPrivateKeyPem(),
            });

        _source.Start();

        Assert.Null(_source.LastError);
        var server = await HandshakeAsync(_source.Current!);
        Assert.Equal(Id, server);
    }

    [Fact]
    public void Follows_the_files_at_each_refresh()
    {
        Write(NewCurve());
        var changes = 0;
        _source.Changed += () => changes++;
        _source.Start();
        var first = _source.Current!.Certificate.Leaf.Thumbprint;

        _time.Advance(s_refresh);
        Assert.Equal((1, first), (changes, _source.Current.Certificate.Leaf.Thumbprint));

        Write(NewCurve());
        _time.Advance(s_refresh - TimeSpan.FromSeconds(1));
        Assert.Equal(first, _source.Current.Certificate.Leaf.Thumbprint);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(2, changes);
        Assert.NotEqual(first, _source.Current.Certificate.Leaf.Thumbprint);
    }

    [Fact]
    public void A_new_root_is_a_change()
    {
        Write(NewCurve());
        _source.Start();
        var changes = 0;
        _source.Changed += () => changes++;
        var next = new TestAuthority(_time);

        File.AppendAllText(_directory.File("root.pem"), "\n" + next.Certificate.ExportCertificatePem());
        _time.Advance(s_refresh);

        Assert.Equal((1, 2), (changes, _source.Current!.Bundle.Roots.Count));
    }

    [Theory]
    [InlineData("key.pem", "")]
    [InlineData("key.pem", "garbage")]
    [InlineData("key.pem", "-----BEGIN PRIVATE KEY-----\nMAA=\n-----END PRIVATE KEY-----")]
    [InlineData("key.pem", "-----BEGIN RSA PRIVATE KEY-----\nMAA=\n-----END RSA PRIVATE KEY-----")]
    [InlineData("key.pem", "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMAA=\n-----END ENCRYPTED PRIVATE KEY-----")]
    [InlineData("cert.pem", "")]
    [InlineData("cert.pem", "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----")]
    [InlineData("root.pem", "")]
    [InlineData("root.pem", "-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----")]
    [InlineData("root.pem", null)]
    [InlineData("cert.pem", null)]
    [InlineData("key.pem", null)]
    public void Damage_leaves_the_last_good_in_force_and_says_why(string file, string? content)
    {
        Write(NewCurve());
        _source.Start();
        var good = _source.Current;
        var saved = File.ReadAllText(_directory.File(file));

        Replace(file, content);
        _time.Advance(s_refresh);

        Assert.Same(good, _source.Current);
        Assert.NotEmpty(_source.LastError!);
        Assert.Contains(_logs.Entries, e => e.Id.Id == NotRead && e.Level == LogLevel.Warning);

        Replace(file, saved);
        _time.Advance(s_refresh);
        Assert.Same(good, _source.Current);
        Assert.Null(_source.LastError);
    }

    [Fact]
    public void A_key_that_is_not_the_certificates_is_refused()
    {
        Write(NewCurve());
        _source.Start();
        var good = _source.Current;

        using var other = NewCurve();
        Replace("key.pem", other.ExportPkcs8PrivateKeyPem());
        _time.Advance(s_refresh);

        Assert.Same(good, _source.Current);
        Assert.Contains("another key", _source.LastError, StringComparison.Ordinal);
    }

    [Fact]
    public void A_certificate_of_another_root_is_refused()
    {
        using var key = NewCurve();
        using var foreign = new TestAuthority(_time).Issue(key, new TestLeaf { Uris = [Id] });
        Replace("cert.pem", foreign.ExportCertificatePem());
        Replace("key.pem", key.ExportPkcs8PrivateKeyPem());

        _source.Start();

        Assert.Null(_source.Current);
        Assert.Contains("does not chain to a root", _source.LastError, StringComparison.Ordinal);
    }

    [Fact]
    public void An_expired_certificate_is_refused()
    {
        using var key = NewCurve();
        Write(new PublicKey(key), key.ExportPkcs8PrivateKeyPem(), new TestLeaf { NotBefore = _time.GetUtcNow().AddHours(-2), NotAfter = _time.GetUtcNow().AddHours(-1) });

        _source.Start();

        Assert.Null(_source.Current);
        Assert.Contains("expired", _source.LastError, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_that_come_later_are_found_later()
    {
        _source.Start();
        Assert.Null(_source.Current);
        var waiting = _source.WaitAsync(CancellationToken.None);

        Write(NewCurve());
        _time.Advance(s_refresh);

        Assert.Same(_source.Current, await waiting.WaitAsync(TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public async Task Without_a_certificate_file_there_is_no_identity_and_the_reason_is_told()
    {
        await using var source = Create(new TlsFilesConfig(_directory.File("root.pem"), null, null, s_refresh));

        source.Start();

        Assert.Null(source.Current);
        Assert.Contains("no certificate", source.LastError, StringComparison.Ordinal);
    }

    private static ECDsa NewCurve() => ECDsa.Create(ECCurve.NamedCurves.nistP256);

    private static async Task<string> HandshakeAsync(IdentityState identity)
    {
        var peer = new HandshakePeer();
        var server = new DownstreamTlsConfig("default", "default", RequireClientCertificate: true);
        var (clientError, serverError, _) = await TlsPair.HandshakeAsync(
            MeshTls.ForClient(identity, new UpstreamTlsConfig("default", "default", [], "", []), [], TimeProviderOf(identity), peer),
            MeshTls.ForServer(identity, server, [], TimeProviderOf(identity)));
        Assert.Null(clientError);
        Assert.Null(serverError);
        return peer.Id!.ToString();
    }

    private static FakeTime TimeProviderOf(IdentityState identity) => new(identity.Certificate.NotBefore.AddMinutes(1));

    private FileIdentitySource Create(TlsFilesConfig files) => new(files, _time, _logs.CreateLogger<FileIdentitySource>());

    private void Write(ECDsa key)
    {
        using (key)
        {
            Write(new PublicKey(key), key.ExportPkcs8PrivateKeyPem());
        }
    }

    private void Write(PublicKey key, string keyPem, TestLeaf? leaf = null)
    {
        using var certificate = _authority.Issue(key, (leaf ?? new TestLeaf()) with { Uris = [Id] });
        Replace("cert.pem", certificate.ExportCertificatePem());
        Replace("key.pem", keyPem);
    }

    private void Replace(string file, string? content)
    {
        if (content is null)
        {
            File.Delete(_directory.File(file));
        }
        else
        {
            File.WriteAllText(_directory.File(file), content);
        }
    }
}
