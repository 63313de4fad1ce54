namespace ProxylessMesh.Sidecar.Forwarding;

/// <summary>Where requests are forwarded to.</summary>
/// <param name="Prefix">Scheme and authority without a slash at the end: <c>http://127.0.0.1:8080</c>. The Host header stays the caller's.</param>
/// <param name="Version">Of HTTP towards it, exactly; upgrades always go in 1.1.</param>
/// <param name="Name">What sentences call it: <c>The app at 127.0.0.1:8080</c>.</param>
internal sealed record ForwardDestination(string Prefix, Version Version, string Name)
{
    /// <summary>
    /// Whether path and query travel byte for byte as they came. Otherwise they are made canonical (RFC 3986, section 6.2.2: escapes of
    /// unreserved characters, dot segments), as an HttpClient's are, so that a route decides about what is sent.
    /// </summary>
    public bool KeepsTarget { get; init; } = true;

    /// <summary>
    /// Whether header values must be ASCII, as for an app's own calls: the mesh's connections take nothing else, and a value that they
    /// refuse would look like a failure of the endpoint. Otherwise they are UTF-8.
    /// </summary>
    public bool TakesOnlyAscii { get; init; }
}
