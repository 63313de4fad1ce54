namespace ProxylessMesh.ControlPlane.Explain;

/// <summary>A call that nobody makes.</summary>
/// <param name="From">Who would, as NAME.NAMESPACE.</param>
/// <param name="Method">GET ...</param>
/// <param name="Uri">As the application writes it.</param>
/// <param name="Headers">Names in lower case.</param>
internal sealed record ExplainedCall(string From, string Method, Uri Uri, IReadOnlyDictionary<string, string> Headers)
{
    /// <summary>Whether its host is looked for in the mesh: TLS of the application is passed by.</summary>
    public bool IsRouted => Uri.Scheme == Uri.UriSchemeHttp;

    /// <summary>Of the listener, with the port always.</summary>
    public string ListenerName => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Uri.Host}:{Uri.Port}");
}
