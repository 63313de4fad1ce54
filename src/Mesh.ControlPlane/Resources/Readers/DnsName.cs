namespace ProxylessMesh.ControlPlane.Resources.Readers;

/// <summary>Which names Kubernetes and Istio admit (RFC 1123, RFC 1035).</summary>
internal static class DnsName
{
    /// <summary>A DNS-1123 label: lower-case letters, digits and hyphens, 63 characters at most.</summary>
    public static bool IsLabel(ReadOnlySpan<char> text)
    {
        if (text.Length is 0 or > 63 || text[0] == '-' || text[^1] == '-')
        {
            return false;
        }

        foreach (var c in text)
        {
            if (!char.IsAsciiLetterLower(c) && !char.IsAsciiDigit(c) && c != '-')
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>A DNS-1035 label, as a Service's name must be: a label that begins with a letter.</summary>
    public static bool IsServiceName(string text) => IsLabel(text) && char.IsAsciiLetterLower(text[0]);

    /// <summary>A DNS-1123 subdomain: labels with dots between them, 253 characters at most.</summary>
    public static bool IsSubdomain(ReadOnlySpan<char> text)
    {
        if (text.Length is 0 or > 253)
        {
            return false;
        }

        foreach (var range in text.Split('.'))
        {
            if (!IsLabel(text[range]))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>A host name in lower case, or <c>*</c> alone or as its first label. A short name and an IPv4 address have the form too.</summary>
    public static bool IsHost(string text) =>
        text == "*" || IsSubdomain(text.StartsWith("*.", StringComparison.Ordinal) ? text.AsSpan(2) : text);
}
