using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace ProxylessMesh.Client.LoadBalancing;

/// <summary>XXH64 (xxHash specification 0.1.1): the hash of rings, Maglev tables and hash policies in Envoy and gRPC (gRFC A42).</summary>
internal static class Xxh64
{
    private const ulong Prime1 = 0x9E3779B185EBCA87;
    private const ulong Prime2 = 0xC2B2AE3D27D4EB4F;
    private const ulong Prime3 = 0x165667B19E3779F9;
    private const ulong Prime4 = 0x85EBCA77C2B2AE63;
    private const ulong Prime5 = 0x27D4EB2F165667C5;
    private const int StripeLength = 32;

    /// <summary>Of the text's UTF-8 bytes.</summary>
    public static ulong Hash(ReadOnlySpan<char> text, ulong seed = 0)
    {
        const int maxOnStack = 512;
        var length = Encoding.UTF8.GetMaxByteCount(text.Length);
        if (length <= maxOnStack)
        {
            Span<byte> bytes = stackalloc byte[maxOnStack];
            return Hash(bytes[..Encoding.UTF8.GetBytes(text, bytes)], seed);
        }

        var rented = ArrayPool<byte>.Shared.Rent(length);
        var hash = Hash(rented.AsSpan(0, Encoding.UTF8.GetBytes(text, rented)), seed);
        ArrayPool<byte>.Shared.Return(rented);
        return hash;
    }

    public static ulong Hash(ReadOnlySpan<byte> data, ulong seed = 0)
    {
        var length = (ulong)data.Length;
        ulong hash;
        if (data.Length >= StripeLength)
        {
            hash = Stripes(ref data, seed);
        }
        else
        {
            hash = seed + Prime5;
        }

        return Avalanche(Tail(hash + length, data));
    }

    private static ulong Stripes(ref ReadOnlySpan<byte> data, ulong seed)
    {
        var v1 = unchecked(seed + Prime1 + Prime2);
        var v2 = seed + Prime2;
        var v3 = seed;
        var v4 = unchecked(seed - Prime1);
        while (data.Length >= StripeLength)
        {
            v1 = Round(v1, Read64(data));
            v2 = Round(v2, Read64(data[8..]));
            v3 = Round(v3, Read64(data[16..]));
            v4 = Round(v4, Read64(data[24..]));
            data = data[StripeLength..];
        }

        var hash = BitOperations.RotateLeft(v1, 1) + BitOperations.RotateLeft(v2, 7) + BitOperations.RotateLeft(v3, 12) + BitOperations.RotateLeft(v4, 18);
        return Merge(Merge(Merge(Merge(hash, v1), v2), v3), v4);
    }

    private static ulong Tail(ulong hash, ReadOnlySpan<byte> data)
    {
        for (; data.Length >= sizeof(ulong); data = data[sizeof(ulong)..])
        {
            hash = (BitOperations.RotateLeft(hash ^ Round(0, Read64(data)), 27) * Prime1) + Prime4;
        }

        if (data.Length >= sizeof(uint))
        {
            hash = (BitOperations.RotateLeft(hash ^ (BinaryPrimitives.ReadUInt32LittleEndian(data) * Prime1), 23) * Prime2) + Prime3;
            data = data[sizeof(uint)..];
        }

        foreach (var b in data)
        {
            hash = BitOperations.RotateLeft(hash ^ (b * Prime5), 11) * Prime1;
        }

        return hash;
    }

    private static ulong Avalanche(ulong hash)
    {
        hash = (hash ^ (hash >> 33)) * Prime2;
        hash = (hash ^ (hash >> 29)) * Prime3;
        return hash ^ (hash >> 32);
    }

    private static ulong Round(ulong accumulator, ulong lane) =>
        BitOperations.RotateLeft(accumulator + (lane * Prime2), 31) * Prime1;

    private static ulong Merge(ulong hash, ulong accumulator) => ((hash ^ Round(0, accumulator)) * Prime1) + Prime4;

    private static ulong Read64(ReadOnlySpan<byte> data) => BinaryPrimitives.ReadUInt64LittleEndian(data);
}
