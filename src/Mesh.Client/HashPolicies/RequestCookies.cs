namespace ProxylessMesh.Client.HashPolicies;

/// <summary>Reads the Cookie header (RFC 6265, 4.2.1) without taking it apart more than needed.</summary>
internal static class RequestCookies
{
    /// <summary>The first cookie of that name; quotes around its value do not belong to it.</summary>
    public static bool TryFind(HttpRequestMessage request, string name, out ReadOnlySpan<char> value)
    {
        if (request.Headers.NonValidated.TryGetValues("Cookie", out var headers))
        {
            foreach (var header in headers)
            {
                if (TryFind(header, name, out value))
                {
                    return true;
                }
            }
        }

        value = default;
        return false;
    }

    private static bool TryFind(ReadOnlySpan<char> header, string name, out ReadOnlySpan<char> value)
    {
        while (!header.IsEmpty)
        {
            var end = header.IndexOf(';');
            var pair = (end < 0 ? header : header[..end]).Trim();
            header = end < 0 ? default : header[(end + 1)..];
            var equals = pair.IndexOf('=');
            if (equals > 0 && pair[..equals].SequenceEqual(name))
            {
                value = pair[(equals + 1)..];
                if (value.Length >= 2 && value[0] == '"' && value[^1] == '"')
                {
                    value = value[1..^1];
                }

                return true;
            }
        }

        value = default;
        return false;
    }
}
