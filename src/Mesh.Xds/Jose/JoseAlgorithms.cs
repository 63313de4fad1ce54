using System.Security.Cryptography;

namespace ProxylessMesh.Xds.Jose;

/// <summary>What each algorithm is made of.</summary>
internal static class JoseAlgorithms
{
    private static readonly string[] s_names = Enum.GetNames<JoseAlgorithm>();

    /// <summary>Names are compared as they are: "rs256" is no algorithm (RFC 7515, section 4.1.1).</summary>
    public static JoseAlgorithm? Find(string name)
    {
        var index = Array.IndexOf(s_names, name);
        return index < 0 ? null : (JoseAlgorithm)index;
    }

    public static HashAlgorithmName Hash(JoseAlgorithm algorithm) => algorithm switch
    {
        JoseAlgorithm.RS256 or JoseAlgorithm.PS256 or JoseAlgorithm.ES256 => HashAlgorithmName.SHA256,
        JoseAlgorithm.RS384 or JoseAlgorithm.PS384 or JoseAlgorithm.ES384 => HashAlgorithmName.SHA384,
        _ => HashAlgorithmName.SHA512,
    };

    public static bool IsRsa(JoseAlgorithm algorithm) => algorithm <= JoseAlgorithm.PS512;

    public static RSASignaturePadding Padding(JoseAlgorithm algorithm) =>
        algorithm >= JoseAlgorithm.PS256 ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1;
}
