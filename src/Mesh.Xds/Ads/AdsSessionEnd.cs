namespace ProxylessMesh.Xds.Ads;

/// <summary>How a stream ended.</summary>
/// <param name="SawResponse">The server had answered at least once, so the end is no connectivity error (gRFC A57).</param>
/// <param name="Restarted">We ended it ourselves, to say something new about ourselves.</param>
/// <param name="Error">Null when the server ended it with OK.</param>
internal sealed record AdsSessionEnd(bool SawResponse, bool Restarted, Exception? Error);
