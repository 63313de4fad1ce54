using System.Buffers;

namespace ProxylessMesh.Sidecar.Forwarding;

/// <summary>Sends a response's body on as it comes.</summary>
internal static class ResponseBody
{
    /// <summary>What a response holds at a time, beside the server's and the client's own bounded buffers.</summary>
    private const int BufferSize = 16 * 1024;

    /// <exception cref="IOException">The upstream broke off: the caller must not see a clean end.</exception>
    public static async Task CopyAsync(HttpResponseMessage from, HttpContext context, CancellationToken cancellationToken)
    {
        var body = await from.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        var to = context.Response.BodyWriter;
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            var reading = body.ReadAsync(buffer, cancellationToken);
            if (!reading.IsCompleted)
            {
                // The head of an event stream is news, too. A response that has ended already goes in one piece, or as trailers only.
                await to.FlushAsync(cancellationToken).ConfigureAwait(false);
            }

            for (int count; (count = await reading.ConfigureAwait(false)) > 0; reading = body.ReadAsync(buffer, cancellationToken))
            {
                await to.WriteAsync(buffer.AsMemory(0, count), cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
