namespace ProxylessMesh.Xds.Routing;

/// <summary>
/// What a match may look at, whatever the host's request type: HttpClient's and ASP.NET's requests both give one.
/// Implementations are structs passed by reference, so a match allocates nothing of its own.
/// </summary>
internal interface IRequestView
{
    string Method { get; }

    /// <summary><c>http</c> or <c>https</c>.</summary>
    string Scheme { get; }

    /// <summary>Host with its port when it was written with one, as in <c>:authority</c>.</summary>
    string Authority { get; }

    /// <summary>Path without the query string, as it travels (escaped).</summary>
    ReadOnlySpan<char> Path { get; }

    /// <summary>Query string without the question mark, as it travels.</summary>
    ReadOnlySpan<char> Query { get; }

    /// <summary>A header's values joined with "," (no space), or false. <paramref name="name"/> is lower case and no pseudo header.</summary>
    bool TryGetHeader(string name, out string value);
}
