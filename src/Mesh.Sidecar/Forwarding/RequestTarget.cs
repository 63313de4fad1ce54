namespace ProxylessMesh.Sidecar.Forwarding;

/// <summary>The part of a request's target (RFC 9112, section 3.2) that is passed on.</summary>
internal static class RequestTarget
{
    /// <summary>Path and query as they were received; null for what has none: the asterisk form, the authority form, fragments, and what is not printable ASCII.</summary>
    /// <param name="rawTarget">As the request line, or <c>:path</c>, holds it.</param>
    public static string? PathAndQuery(string rawTarget)
    {
        // No target has a fragment (RFC 9110, section 4.2.5): whoever cuts it off and whoever does not see different paths. Nor has it
        // spaces, which HTTP/2 lets through and HTTP/1.1 ends it with.
        if (rawTarget.Contains('#', StringComparison.Ordinal) || rawTarget.AsSpan().ContainsAnyExceptInRange('!', '~'))
        {
            return null;
        }

        if (rawTarget.StartsWith('/'))
        {
            return rawTarget;
        }

        var scheme = rawTarget.IndexOf("://", StringComparison.Ordinal);
        if (scheme <= 0)
        {
            return null;
        }

        // The absolute form. An empty path is "/" (RFC 9112, section 3.2.1).
        var afterScheme = scheme + "://".Length;
        var start = rawTarget.AsSpan(afterScheme).IndexOfAny('/', '?');
        return start < 0 ? "/"
            : rawTarget[afterScheme + start] == '?' ? "/" + rawTarget[(afterScheme + start)..]
            : rawTarget[(afterScheme + start)..];
    }
}
