using System.Buffers;

namespace ProxylessMesh.Xds.Routing;

/// <summary>
/// What configuration may put into a message. It goes there as it is written, so it must not be able to break out of its
/// place; the data plane and the control plane ask the same questions.
/// </summary>
internal static class MessageRules
{
    private static readonly SearchValues<char> TokenCharacters = SearchValues.Create("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyz");

    private static readonly SearchValues<char> AnyTokenCharacters = SearchValues.Create("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");

    /// <summary>RFC 9110, section 5.6.2.</summary>
    public static bool IsToken(ReadOnlySpan<char> text) => !text.IsEmpty && !text.ContainsAnyExcept(AnyTokenCharacters);

    /// <summary>Visible ASCII without a fragment.</summary>
    public static bool IsPath(ReadOnlySpan<char> path) => !path.ContainsAnyExceptInRange('!', '~') && !path.Contains('#');

    /// <summary>A host with or without a port (RFC 9110, section 7.2).</summary>
    public static bool IsHost(ReadOnlySpan<char> host)
    {
        foreach (var c in host)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('.' or '-' or '_' or ':' or '[' or ']'))
            {
                return false;
            }
        }

        return !host.IsEmpty;
    }

    /// <summary>
    /// Whether a header, in lower case, can be added or removed: not pseudo headers and host, as in Envoy, and not those that
    /// frame the message (RFC 9112, section 6).
    /// </summary>
    public static bool IsChangeableHeader(string name) =>
        name.Length > 0
        && !name.AsSpan().ContainsAnyExcept(TokenCharacters)
        && name is not ("host" or "content-length" or "transfer-encoding" or "connection");

    /// <summary>Visible ASCII and spaces: HttpClient sends no other.</summary>
    public static bool IsHeaderValue(ReadOnlySpan<char> value) => !value.ContainsAnyExceptInRange(' ', '~');

    /// <summary>A percent sign begins an operator such as %UPSTREAM_HOST%, and two are one sign (Envoy, custom headers).</summary>
    public static bool HasOperator(ReadOnlySpan<char> value)
    {
        for (var i = value.IndexOf('%'); i >= 0; i = value.IndexOf('%'))
        {
            if (i + 1 == value.Length || value[i + 1] != '%')
            {
                return true;
            }

            value = value[(i + 2)..];
        }

        return false;
    }
}
