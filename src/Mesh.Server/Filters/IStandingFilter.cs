namespace ProxylessMesh.Server.Filters;

/// <summary>A filter whose judgement holds for as long as a request lasts: it is asked again when the policy changes under an open stream.</summary>
internal interface IStandingFilter
{
    /// <summary>Called beside the app that serves the request, so it only reads.</summary>
    bool StillAllows(InboundRequest request);
}
