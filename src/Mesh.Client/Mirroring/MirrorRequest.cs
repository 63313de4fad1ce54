using ProxylessMesh.Client.Calls;
using ProxylessMesh.Client.Retries;

namespace ProxylessMesh.Client.Mirroring;

/// <summary>A copy of a request that outlives it: own headers, own body.</summary>
internal static class MirrorRequest
{
    /// <summary>Larger bodies are not mirrored: copies must not fill the memory of an app that only wants its calls answered.</summary>
    public const int MaxBody = 1024 * 1024;

    /// <summary>Null when the body can be read only once, or is too large.</summary>
    public static HttpRequestMessage? Copy(HttpRequestMessage request)
    {
        if (!Replay.IsPossible(request.Content) || request.Content?.Headers.ContentLength > MaxBody)
        {
            return null;
        }

        var body = new MemoryStream();
        request.Content?.CopyTo(body, null, CancellationToken.None);
        if (body.Length > MaxBody)
        {
            return null;
        }

        var copy = RequestCopy.WithoutBody(request);
        if (request.Content is { } content)
        {
            copy.Content = new ByteArrayContent(body.GetBuffer(), 0, (int)body.Length);
            foreach (var header in content.Headers.NonValidated)
            {
                copy.Content.Headers.TryAddWithoutValidation(header.Key, header.Value);
            }
        }

        return copy;
    }
}
