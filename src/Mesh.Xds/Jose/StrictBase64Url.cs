using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;

namespace ProxylessMesh.Xds.Jose;

/// <summary>
/// Base64url as JOSE means it (RFC 7515, section 2): no padding, no white space, and one text per value, so that a changed
/// token is never the same token.
/// </summary>
internal static class StrictBase64Url
{
    private static readonly SearchValues<char> s_characters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    public static bool TryDecode(ReadOnlySpan<char> text, [NotNullWhen(true)] out byte[]? bytes)
    {
        bytes = null;
        if (text.ContainsAnyExcept(s_characters) || text.Length % 4 == 1)
        {
            return false;
        }

        var decoded = new byte[Base64Url.GetMaxDecodedLength(text.Length)];
        if (Base64Url.DecodeFromChars(text, decoded, out _, out var written) != OperationStatus.Done || !IsCanonical(text, decoded.AsSpan(0, written)))
        {
            return false;
        }

        bytes = written == decoded.Length ? decoded : decoded[..written];
        return true;
    }

    // The last character carries bits that no byte takes; they must be zero (RFC 4648, section 3.5).
    private static bool IsCanonical(ReadOnlySpan<char> text, ReadOnlySpan<byte> bytes)
    {
        var tail = bytes.Length % 3;
        if (tail == 0)
        {
            return true;
        }

        Span<char> again = stackalloc char[4];
        return Base64Url.TryEncodeToChars(bytes[^tail..], again, out var written) && text.EndsWith(again[..written], StringComparison.Ordinal);
    }
}
