namespace ProxylessMesh.Xds.Jose;

/// <summary>Signature algorithms that are verified (RFC 7518, section 3.1). No HMAC and no "none": neither proves who signed.</summary>
internal enum JoseAlgorithm
{
    RS256,
    RS384,
    RS512,
    PS256,
    PS384,
    PS512,
    ES256,
    ES384,
    ES512,
}
