using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace ProxylessMesh.Xds.Cache;

/// <summary>
/// One resource as a file: magic, format version, SHA-256 of the rest, then type URL, name, version and bytes, each behind
/// its length (32 bit, little endian). The hash finds damage; against forgery stands the directory, which only its owner may enter.
/// </summary>
internal static class StoredResourceFormat
{
    private const int HeaderSize = 5 + SHA256.HashSizeInBytes;

    // Strict, so that what is read is what was written.
    private static readonly UTF8Encoding s_text = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private static ReadOnlySpan<byte> Magic => "PMRC\x01"u8;

    /// <summary>Of the file that <see cref="Write"/> makes, in bytes.</summary>
    public static long SizeOf(StoredResource resource) =>
        HeaderSize + 16L + Encoding.UTF8.GetByteCount(resource.TypeUrl) + Encoding.UTF8.GetByteCount(resource.Name)
        + Encoding.UTF8.GetByteCount(resource.Version) + resource.Bytes.Length;

    public static byte[] Write(StoredResource resource)
    {
        var typeUrl = Encoding.UTF8.GetBytes(resource.TypeUrl);
        var name = Encoding.UTF8.GetBytes(resource.Name);
        var version = Encoding.UTF8.GetBytes(resource.Version);
        var file = new byte[SizeOf(resource)];
        Magic.CopyTo(file);
        var rest = file.AsSpan(HeaderSize);
        Put(ref rest, typeUrl);
        Put(ref rest, name);
        Put(ref rest, version);
        Put(ref rest, resource.Bytes.Span);
        SHA256.HashData(file.AsSpan(HeaderSize), file.AsSpan(Magic.Length));
        return file;
    }

    /// <summary>Reads a file; <paramref name="problem"/> says what is wrong when it cannot be trusted. Never throws.</summary>
    public static bool TryRead(ReadOnlyMemory<byte> file, [NotNullWhen(true)] out StoredResource? resource, out string problem)
    {
        resource = null;
        if (file.Length < HeaderSize || !file.Span[..(Magic.Length - 1)].SequenceEqual(Magic[..^1]))
        {
            problem = "it is not a cached resource, or was not written to its end";
            return false;
        }

        if (file.Span[Magic.Length - 1] != Magic[^1])
        {
            problem = $"its format {file.Span[Magic.Length - 1]} is unknown";
            return false;
        }

        var rest = file[HeaderSize..];
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(rest.Span, hash);
        if (!hash.SequenceEqual(file.Span[Magic.Length..HeaderSize]))
        {
            problem = "its checksum is wrong";
            return false;
        }

        if (!TryTake(ref rest, out var typeUrl) || !TryTake(ref rest, out var name) || !TryTake(ref rest, out var version)
            || !TryTake(ref rest, out var bytes) || rest.Length != 0)
        {
            problem = "its lengths do not add up";
            return false;
        }

        try
        {
            resource = new(s_text.GetString(typeUrl.Span), s_text.GetString(name.Span), s_text.GetString(version.Span), bytes);
        }
        catch (ArgumentException)
        {
            problem = "its texts are not UTF-8";
            return false;
        }

        problem = "";
        return true;
    }

    private static void Put(ref Span<byte> rest, ReadOnlySpan<byte> part)
    {
        BinaryPrimitives.WriteInt32LittleEndian(rest, part.Length);
        part.CopyTo(rest[4..]);
        rest = rest[(4 + part.Length)..];
    }

    private static bool TryTake(ref ReadOnlyMemory<byte> rest, out ReadOnlyMemory<byte> part)
    {
        part = default;
        if (rest.Length < 4)
        {
            return false;
        }

        var length = BinaryPrimitives.ReadInt32LittleEndian(rest.Span);
        if (length < 0 || length > rest.Length - 4)
        {
            return false;
        }

        part = rest.Slice(4, length);
        rest = rest[(4 + length)..];
        return true;
    }
}
