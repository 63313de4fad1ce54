namespace ProxylessMesh.Client.Connections;

/// <summary>
/// A POST without content. SocketsHttpHandler repeats such a request by itself when a kept connection ends without an answer, and
/// the server may have acted on the first (RFC 9110, 9.2.2: only idempotent methods may be repeated unasked). It repeats none
/// whose body it has begun to send, so the request gets an empty one; what is sent is the same, Content-Length: 0.
/// </summary>
internal static class BodylessRequest
{
    /// <summary>For HTTP/1.1: HTTP/2 says itself which requests were not processed (RFC 9113, 8.7).</summary>
    public static bool MustNotRepeat(HttpRequestMessage request) =>
        request.Content is null && (request.Method == HttpMethod.Post || request.Method == HttpMethod.Patch);

    public static async Task<HttpResponseMessage> SendAsync(HttpMessageInvoker connections, HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var empty = new ByteArrayContent([]);
        request.Content = empty;
        try
        {
            return await connections.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            request.Content = null;
        }
    }
}
