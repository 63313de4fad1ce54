using System.Globalization;
using System.Text;

namespace ProxylessMesh.Xds.Grpc;

/// <summary>The percent-encoding of grpc-message: UTF-8, with everything outside printable ASCII and the percent sign escaped.</summary>
internal static class GrpcStatusText
{
    // Clients commonly take 8 KiB of trailers in all, and an escaped byte is three.
    private const int MaxCharacters = 1024;

    public static string Encode(string text)
    {
        if (text.Length > MaxCharacters)
        {
            text = string.Concat(text.AsSpan(0, MaxCharacters), "...");
        }

        var encoded = new StringBuilder(text.Length);
        foreach (var octet in Encoding.UTF8.GetBytes(text))
        {
            if (octet is >= 0x20 and <= 0x7E and not (byte)'%')
            {
                encoded.Append((char)octet);
            }
            else
            {
                encoded.Append(CultureInfo.InvariantCulture, $"%{octet:X2}");
            }
        }

        return encoded.ToString();
    }

    /// <summary>What is not validly escaped stays as it is: a damaged text must not hide the status.</summary>
    public static string Decode(string text) => Uri.UnescapeDataString(text);
}
