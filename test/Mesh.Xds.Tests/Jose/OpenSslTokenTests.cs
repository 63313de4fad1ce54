using System.Diagnostics;
using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using ProxylessMesh.Testing;
using ProxylessMesh.Xds.Jose;

namespace ProxylessMesh.Xds.Tests.Jose;

/// <summary>Tokens that another implementation has signed.</summary>
public sealed class OpenSslTokenTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [OpenSslTheory]
    [InlineData("RS256")]
    [InlineData("RS384")]
    [InlineData("RS512")]
    [InlineData("PS256")]
    [InlineData("PS384")]
    [InlineData("PS512")]
    [InlineData("ES256")]
    [InlineData("ES384")]
    [InlineData("ES512")]
    public async Task What_openssl_signs_is_verified_and_one_changed_bit_is_not(string algorithm)
    {
        await RunAsync(algorithm[0] == 'E'
            ? ["genpkey", "-algorithm", "EC", "-pkeyopt", $"ec_paramgen_curve:P-{Bits(algorithm)}", "-out", _directory.File("key.pem")]
            : ["genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out", _directory.File("key.pem")]);
        await RunAsync("pkey", "-in", _directory.File("key.pem"), "-pubout", "-out", _directory.File("public.pem"));
        var (set, coordinate) = await PublishedAsync(algorithm);

        var signed = $"{TestIssuer.Text($$"""{"alg":"{{algorithm}}","kid":"openssl"}""")}.{TestIssuer.Text("""{"iss":"openssl","sub":"s"}""")}";
        await File.WriteAllTextAsync(_directory.File("input"), signed);
        await RunAsync([
            "dgst", "-sha" + algorithm[2..], "-sign", _directory.File("key.pem"),
            .. algorithm[0] == 'P' ? (string[])["-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:digest"] : [],
            "-out", _directory.File("signature"), _directory.File("input"),
        ]);
        var signature = await File.ReadAllBytesAsync(_directory.File("signature"));
        if (coordinate > 0)
        {
            signature = Fixed(signature, coordinate);
        }

        Assert.Equal(JwtFailure.None, Verify(set, $"{signed}.{TestIssuer.Text(signature)}"));
        signature[^1] ^= 1;
        Assert.Equal(JwtFailure.WrongSignature, Verify(set, $"{signed}.{TestIssuer.Text(signature)}"));
    }

    private static JwtFailure Verify(JsonWebKeySet set, string text)
    {
        var failure = JsonWebToken.TryParse(text, out var token);
        return failure == JwtFailure.None ? set.Verify(token!) : failure;
    }

    private static string Bits(string algorithm) => algorithm == "ES512" ? "521" : algorithm[2..];

    // openssl writes ECDSA signatures in DER; JOSE wants r and s one after the other.
    private static byte[] Fixed(byte[] der, int coordinate)
    {
        var sequence = new AsnReader(der, AsnEncodingRules.DER).ReadSequence();
        var bytes = new byte[2 * coordinate];
        for (var end = coordinate; end <= bytes.Length; end += coordinate)
        {
            var number = sequence.ReadInteger().ToByteArray(isUnsigned: true, isBigEndian: true);
            number.CopyTo(bytes, end - number.Length);
        }

        return bytes;
    }

    private async Task<(JsonWebKeySet Set, int Coordinate)> PublishedAsync(string algorithm)
    {
        var pem = await File.ReadAllTextAsync(_directory.File("public.pem"));
        var key = new JsonObject { ["kid"] = "openssl" };
        var coordinate = 0;
        if (algorithm[0] == 'E')
        {
            using var ec = ECDsa.Create();
            ec.ImportFromPem(pem);
            var point = ec.ExportParameters(false).Q;
            (key["kty"], key["crv"]) = ("EC", "P-" + Bits(algorithm));
            (key["x"], key["y"]) = (TestIssuer.Text(point.X!), TestIssuer.Text(point.Y!));
            coordinate = point.X!.Length;
        }
        else
        {
            using var rsa = RSA.Create();
            rsa.ImportFromPem(pem);
            var numbers = rsa.ExportParameters(false);
            (key["kty"], key["n"], key["e"]) = ("RSA", TestIssuer.Text(numbers.Modulus!), TestIssuer.Text(numbers.Exponent!));
        }

        Assert.True(JsonWebKeySet.TryParse(new JsonObject { ["keys"] = new JsonArray(key) }.ToJsonString(), out var set, out var error), error);
        return (set, coordinate);
    }

    private static async Task RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("openssl", arguments) { RedirectStandardError = true, RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, await errors);
    }
}
