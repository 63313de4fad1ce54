namespace ProxylessMesh.Xds.Ads;

/// <summary>The bootstrap's <c>server_features</c> that change what the client does.</summary>
/// <param name="FailOnDataErrors">A resource that turns invalid or vanishes is dropped instead of kept (gRFC A88).</param>
/// <param name="ResourceTimerIsTransientError">Silence about a resource means trouble, not that it does not exist (gRFC A88).</param>
internal sealed record XdsServerFeatures(bool FailOnDataErrors, bool ResourceTimerIsTransientError)
{
    /// <summary>
    /// What the server takes back is dropped, what turns invalid is kept. For servers whose deletions are people's (a Service was
    /// deleted); gRFC A88 has no name for it, so a bootstrap file cannot ask for it.
    /// </summary>
    public bool DropDeleted { get; init; }

    public static XdsServerFeatures None { get; } = new(false, false);
}
