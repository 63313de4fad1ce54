using ProxylessMesh.ControlPlane.Resources;

namespace ProxylessMesh.ControlPlane.JsonWebKeys;

/// <summary>Where the keys of an issuer are.</summary>
/// <param name="Uri">Of the keys, or of the issuer.</param>
/// <param name="Discover">Whether <paramref name="Uri"/> is the issuer, whose configuration names the keys.</param>
internal sealed record KeySetAddress(string Uri, bool Discover)
{
    public static KeySetAddress Of(JwtRule rule) =>
        rule.KeySetUri is { } uri ? new KeySetAddress(uri.AbsoluteUri, false) : new KeySetAddress(rule.Issuer, true);

    public override string ToString() => Discover ? $"{Uri} (by discovery)" : Uri;
}
