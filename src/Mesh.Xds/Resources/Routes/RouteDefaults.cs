using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Xds.Resources.Routes;

/// <summary>What the virtual host and the configuration say for all of their routes.</summary>
/// <param name="Retries">Of routes without a policy of their own.</param>
/// <param name="Mirrors">Of routes without mirrors of their own.</param>
/// <param name="Headers">Changes made beside the route's own.</param>
/// <param name="MostSpecificHeadersWin">Whether those of the route are made last; else they are made first.</param>
/// <param name="MaxBody">Of direct responses, in bytes.</param>
internal readonly record struct RouteDefaults(
    RetryDecoding Retries, MirrorDecoding Mirrors, HeaderMutationsConfig Headers, bool MostSpecificHeadersWin, uint MaxBody)
{
    /// <summary>Of routes without a policy of their own.</summary>
    public bool Hedge { get; init; }

    /// <summary>Of routes without a limit of their own.</summary>
    public int? ReplayLimit { get; init; }

    public bool AttemptCountInRequest { get; init; }

    public bool AttemptCountInResponse { get; init; }

    /// <summary>The older form of the virtual host's CORS policy; null: none.</summary>
    public CorsConfig? Cors { get; init; }

    /// <summary>Adds the changes of a more specific level.</summary>
    public HeaderMutationsConfig With(HeaderMutationsConfig specific) =>
        MostSpecificHeadersWin ? Headers.Then(specific) : specific.Then(Headers);
}
