namespace ProxylessMesh.Xds.Jose;

/// <summary>The public half of a key pair.</summary>
internal abstract class SignatureKey
{
    /// <summary>Whether a key of this type and size can have signed with it.</summary>
    public abstract bool Allows(JoseAlgorithm algorithm);

    /// <summary>Thread-safe.</summary>
    public abstract bool Verify(JoseAlgorithm algorithm, ReadOnlySpan<byte> signed, ReadOnlySpan<byte> signature);
}
