using System.Buffers;
using System.Text;

namespace ProxylessMesh.Client.Sessions;

/// <summary>
/// The cookie's value: <c>address:port;cluster:name</c> in base64, as gRPC's libraries write it (gRFCs A55 and A60). It comes from whoever
/// calls; an address that is no endpoint's is never called.
/// </summary>
internal static class SessionToken
{
    /// <summary>Characters; a longer one is none of ours.</summary>
    private const int MaxLength = 4096;

    private const string ClusterPrefix = "cluster:";

    public static string Write(string address, string cluster) => Convert.ToBase64String(Encoding.UTF8.GetBytes($"{address};{ClusterPrefix}{cluster}"));

    /// <summary>Null: it says nothing.</summary>
    public static SessionTarget? Read(ReadOnlySpan<char> value)
    {
        if (value.Length is 0 or > MaxLength)
        {
            return null;
        }

        var bytes = ArrayPool<byte>.Shared.Rent(value.Length);
        try
        {
            if (!Convert.TryFromBase64Chars(value, bytes, out var written) || written == 0)
            {
                return null;
            }

            var text = Encoding.UTF8.GetString(bytes, 0, written);
            var end = text.IndexOf(';', StringComparison.Ordinal);
            if (end < 0)
            {
                return new SessionTarget(text, "");
            }

            var cluster = text[(end + 1)..];
            return new SessionTarget(text[..end], cluster.StartsWith(ClusterPrefix, StringComparison.Ordinal) ? cluster[ClusterPrefix.Length..] : cluster);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }
}
