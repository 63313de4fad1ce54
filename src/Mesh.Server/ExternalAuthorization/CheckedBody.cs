using Microsoft.AspNetCore.Http;

namespace ProxylessMesh.Server.ExternalAuthorization;

/// <summary>The beginning of a request's body, which the app reads again.</summary>
internal sealed class CheckedBody
{
    private CheckedBody(ReadOnlyMemory<byte> bytes, bool isCut)
    {
        Bytes = bytes;
        IsCut = isCut;
    }

    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>There is more.</summary>
    public bool IsCut { get; }

    public static async Task<CheckedBody> ReadAsync(HttpRequest request, int max, CancellationToken cancellationToken)
    {
        // The length that a client claims is not a reason to hold so much memory.
        var buffer = new byte[Math.Min(max + 1, 16 * 1024)];
        var length = 0;
        while (length <= max)
        {
            if (length == buffer.Length)
            {
                Array.Resize(ref buffer, Math.Min(buffer.Length * 2, max + 1));
            }

            var read = await request.Body.ReadAsync(buffer.AsMemory(length), cancellationToken).ConfigureAwait(false);
            if (read == 0)
            {
                break;
            }

            length += read;
        }

        var held = buffer.AsMemory(0, length);
        request.Body = new PrefixedStream(held, request.Body);
        return new CheckedBody(held[..Math.Min(length, max)], length > max);
    }
}
