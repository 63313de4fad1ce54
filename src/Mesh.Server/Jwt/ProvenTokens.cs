using ProxylessMesh.Xds.Jose;

namespace ProxylessMesh.Server.Jwt;

/// <summary>A set of keys, and the tokens that it has verified: with other keys the memory of them begins anew.</summary>
internal sealed class ProvenTokens(JsonWebKeySet keys, int cacheSize)
{
    public JsonWebKeySet Keys => keys;

    public VerifiedTokenCache Cache { get; } = new(cacheSize);
}
