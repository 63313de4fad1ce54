namespace ProxylessMesh.Xds.Config;

/// <summary>Keys of an issuer that the data plane fetches itself (Envoy's remote_jwks).</summary>
/// <param name="Host">Of the mesh or outside it.</param>
/// <param name="Port">Of the service.</param>
/// <param name="PathAndQuery">Of the keys.</param>
internal sealed record RemoteKeySetConfig(string Host, int Port, string PathAndQuery)
{
    /// <summary>The URI is https: the fetch is the app's own TLS, with the machine's roots.</summary>
    public bool IsSecure { get; init; }

    /// <summary>Of one attempt.</summary>
    public required TimeSpan Timeout { get; init; }

    /// <summary>After which the keys are fetched anew.</summary>
    public TimeSpan CacheDuration { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Between a fetch that has failed, with all its attempts, and the next. It doubles, up to <see cref="CacheDuration"/>.</summary>
    public TimeSpan RefetchDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Attempts of one fetch beyond the first.</summary>
    public int Retries { get; init; }

    /// <summary>Before the first of them; it doubles.</summary>
    public TimeSpan BackOff { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest pause between attempts.</summary>
    public TimeSpan MaxBackOff { get; init; } = TimeSpan.FromSeconds(10);

    public override string ToString() => $"{(IsSecure ? "https" : "http")}://{Host}:{Port}{PathAndQuery}";
}
