using System.Net.Http.Headers;

namespace ProxylessMesh.Client.HeaderChanges;

/// <summary>What a caller's request was before a route changed it. The caller gets it back as it was, whatever became of the call.</summary>
internal sealed class RequestBackup(HttpRequestMessage request)
{
    private readonly Uri? _uri = request.RequestUri;
    private readonly string? _host = request.Headers.Host;
    private readonly HttpContent? _content = request.Content;
    private readonly List<(string Name, bool OfContent, HeaderStringValues Values)> _headers = [];

    /// <summary>Call before the header is changed.</summary>
    public void Keep(string name)
    {
        foreach (ref readonly var kept in System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_headers))
        {
            if (kept.Name == name)
            {
                return;
            }
        }

        var ofContent = ContentHeaderNames.Contains(name);
        var values = default(HeaderStringValues);
        HeadersOf(ofContent)?.NonValidated.TryGetValues(name, out values);
        _headers.Add((name, ofContent, values));
    }

    public void Restore()
    {
        if (!ReferenceEquals(request.RequestUri, _uri))
        {
            request.RequestUri = _uri;
        }

        if (!ReferenceEquals(request.Headers.Host, _host))
        {
            request.Headers.Host = _host;
        }

        foreach (var (name, ofContent, values) in _headers)
        {
            if (HeadersOf(ofContent) is { } headers)
            {
                headers.Remove(name);
                if (values.Count > 0)
                {
                    headers.TryAddWithoutValidation(name, values);
                }
            }
        }
    }

    private HttpHeaders? HeadersOf(bool content) => content ? _content?.Headers : request.Headers;
}
