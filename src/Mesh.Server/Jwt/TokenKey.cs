using System.Buffers;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace ProxylessMesh.Server.Jwt;

/// <summary>SHA-256 of a token: who reads the memory of the cache finds no token in it.</summary>
internal readonly record struct TokenKey(ulong A, ulong B, ulong C, ulong D)
{
    private const int MaxOnStack = 2048;

    /// <param name="token">Of ASCII characters; other ones never make a valid token, so it does not matter that they look alike here.</param>
    public static TokenKey Of(ReadOnlySpan<char> token)
    {
        var rented = token.Length > MaxOnStack ? ArrayPool<byte>.Shared.Rent(token.Length) : null;
        var bytes = rented ?? stackalloc byte[MaxOnStack];
        var length = Encoding.Latin1.GetBytes(token, bytes);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes[..length], hash);
        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented, clearArray: true);
        }

        return MemoryMarshal.Read<TokenKey>(hash);
    }

    /// <summary>A part of a hash is a hash.</summary>
    public override int GetHashCode() => (int)A;
}
