using System.Diagnostics;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using ProxylessMesh.ControlPlane.CertificateAuthority;
using ProxylessMesh.Xds.Identity;

namespace ProxylessMesh.ControlPlane.Tests.CertificateAuthority;

/// <summary>What another implementation makes of our certificates.</summary>
public sealed class OpenSslTests : AuthorityFixture
{
    [OpenSslFact]
    public async Task Openssl_verifies_and_reads_what_the_authority_issues()
    {
        using var authority = Now();
        using var key = SigningRequest.NewKey();
        await File.WriteAllTextAsync(PathOf("leaf.pem"), authority.Issue(Reviews, SigningRequest.Create(key), null)[0]);

        foreach (var purpose in (string[])["sslserver", "sslclient"])
        {
            var verified = await OpenSslAsync("verify", "-x509_strict", "-purpose", purpose, "-CAfile", PathOf("root-cert.pem"), PathOf("leaf.pem"));
            Assert.EndsWith(": OK", verified.Trim(), StringComparison.Ordinal);
        }

        var text = await OpenSslAsync("x509", "-noout", "-text", "-in", PathOf("leaf.pem"));
        Assert.Contains("URI:spiffe://cluster.local/ns/default/sa/reviews", text, StringComparison.Ordinal);
        Assert.Contains("X509v3 Subject Alternative Name: critical", text, StringComparison.Ordinal);
        Assert.Contains("X509v3 Key Usage: critical\n                Digital Signature\n", text, StringComparison.Ordinal);
        Assert.Contains("CA:FALSE", text, StringComparison.Ordinal);
        Assert.Contains("TLS Web Server Authentication, TLS Web Client Authentication", text, StringComparison.Ordinal);
        Assert.Matches("Issuer: O ?= ?cluster\\.local", text);

        var root = await OpenSslAsync("x509", "-noout", "-text", "-in", PathOf("root-cert.pem"));
        Assert.Contains("CA:TRUE", root, StringComparison.Ordinal);
        Assert.Contains("Certificate Sign, CRL Sign", root, StringComparison.Ordinal);
    }

    [OpenSslFact]
    public async Task Openssl_verifies_the_control_planes_certificate_by_host_name_and_address()
    {
        using var authority = Now();
        using var key = SigningRequest.NewKey();
        var chain = authority.IssueServer(key, SpiffeId.Parse("spiffe://cluster.local/ns/istio-system/sa/istiod"));
        await File.WriteAllTextAsync(PathOf("leaf.pem"), chain);

        foreach (var name in (string[][])[["-verify_hostname", "localhost"], ["-verify_ip", "127.0.0.1"], ["-verify_ip", "::1"]])
        {
            var verified = await OpenSslAsync(["verify", .. name, "-purpose", "sslserver", "-CAfile", PathOf("root-cert.pem"), PathOf("leaf.pem")]);
            Assert.EndsWith(": OK", verified.Trim(), StringComparison.Ordinal);
        }
    }

    [OpenSslTheory]
    [InlineData("EC", "ec_paramgen_curve:P-256")]
    [InlineData("EC", "ec_paramgen_curve:P-384")]
    [InlineData("RSA", "rsa_keygen_bits:2048")]
    public async Task A_request_made_by_openssl_is_certified(string algorithm, string parameter)
    {
        using var authority = Now();
        await OpenSslAsync("genpkey", "-algorithm", algorithm, "-pkeyopt", parameter, "-out", PathOf("key.pem"));
        var request = await OpenSslAsync("req", "-new", "-key", PathOf("key.pem"), "-subj", "/O=whoever");
        using var leaf = LeafOf(authority.Issue(Reviews, request, null));

        Assert.Equal(Reviews, PeerVerifier.Verify(leaf, [], authority.Bundle, TimeProvider.System).Id);
    }

    [OpenSslFact]
    public async Task Openssl_reads_our_signing_request()
    {
        Now().Dispose();
        using var key = SigningRequest.NewKey();
        await File.WriteAllTextAsync(PathOf("request.pem"), SigningRequest.Create(key));
        var text = await OpenSslAsync("req", "-noout", "-verify", "-text", "-in", PathOf("request.pem"));
        Assert.Contains("ASN1 OID: prime256v1", text, StringComparison.Ordinal);
    }

    // openssl has a clock of its own.
    private MeshCertificateAuthority Now() =>
        MeshCertificateAuthority.Open(Options, TimeProvider.System, new Logger<MeshCertificateAuthority>(Logs));

    private static async Task<string> OpenSslAsync(params string[] arguments)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var process = Process.Start(new ProcessStartInfo("openssl", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEndAsync(limit.Token);
        var output = await process.StandardOutput.ReadToEndAsync(limit.Token);
        await process.WaitForExitAsync(limit.Token);
        Assert.True(process.ExitCode == 0, output + await error);
        return output;
    }
}
