namespace ProxylessMesh.Xds.Jose;

/// <summary>A key that verifies signatures (RFC 7517).</summary>
/// <param name="KeyId">Null: it may be meant by any token.</param>
/// <param name="Algorithm">The only one that it may be used with; null: each that suits its type.</param>
/// <param name="Key">Its numbers.</param>
internal sealed record JsonWebKey(string? KeyId, JoseAlgorithm? Algorithm, SignatureKey Key)
{
    /// <summary>The key decides, never the token (RFC 8725, section 3.1).</summary>
    public bool Allows(JoseAlgorithm algorithm) => (Algorithm is null || Algorithm == algorithm) && Key.Allows(algorithm);
}
