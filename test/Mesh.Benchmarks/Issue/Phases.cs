using System.Globalization;
using System.Security.Cryptography;
using ProxylessMesh.ControlPlane.CertificateAuthority;
using ProxylessMesh.Xds.Identity;

namespace ProxylessMesh.Benchmarks.Issue;

/// <summary>What the steps of one issuance cost when they are run alone.</summary>
internal static class Phases
{
    private static readonly byte[] s_data = new byte[400];

    public static void Print(TextWriter output, WorkloadKeyType type, string request, TimeSpan patience)
    {
        using var key = SigningRequest.NewKey(type);
        var signature = Sign(key);
        var publicKey = key.ExportSubjectPublicKeyInfo();
        var algorithm = X509Signature.OidOf(key, HashAlgorithmName.SHA256);
        foreach (var (name, step) in ((string, Action)[])[
            ("sign", () => Sign(key)),
            ("verify", () => X509Signature.Verify(algorithm, key, s_data, signature)),
            ("open the sender's public key", () => Open(key, publicKey)),
            ("the whole request: parse, open, verify", () => SigningRequestReader.Read(request))])
        {
            var micros = ProcessorTime.PerCall(step, patience).TotalMicroseconds.ToString("0.0", CultureInfo.InvariantCulture);
            output.WriteLine($"  {name,-40} {micros,8} us");
        }
    }

    private static byte[] Sign(AsymmetricAlgorithm key) => key is RSA rsa
        ? rsa.SignData(s_data, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
        : ((ECDsa)key).SignData(s_data, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);

    private static void Open(AsymmetricAlgorithm like, byte[] publicKey)
    {
        using AsymmetricAlgorithm key = like is RSA ? RSA.Create() : ECDsa.Create();
        key.ImportSubjectPublicKeyInfo(publicKey, out _);
    }
}
