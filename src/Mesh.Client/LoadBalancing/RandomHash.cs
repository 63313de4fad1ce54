using ProxylessMesh.Xds.Randomness;

namespace ProxylessMesh.Client.LoadBalancing;

/// <summary>The hash of a request that has nothing to hash: it may go anywhere (gRFC A42).</summary>
internal static class RandomHash
{
    public static ulong Next(IRandomSource random)
    {
        const int exclusiveMax = 1 << 22;
        return ((ulong)random.Next(exclusiveMax) << 42) ^ ((ulong)random.Next(exclusiveMax) << 21) ^ (ulong)random.Next(exclusiveMax);
    }
}
