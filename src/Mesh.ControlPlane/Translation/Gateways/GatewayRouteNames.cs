using System.Globalization;

namespace ProxylessMesh.ControlPlane.Translation.Gateways;

/// <summary>How the routes of a gateway are named, and the listeners through which its process asks for them.</summary>
internal static class GatewayRouteNames
{
    private const string Plaintext = "http.";
    private const string Tls = "https.";

    public static string OfPort(int port) => string.Create(CultureInfo.InvariantCulture, $"{Plaintext}{port}");

    /// <summary>Whether a name has the form of one. Clusters have bars, and listeners of hosts a colon.</summary>
    public static bool IsMatch(string name) =>
        (name.StartsWith(Plaintext, StringComparison.Ordinal) || name.StartsWith(Tls, StringComparison.Ordinal)) && name.AsSpan().IndexOfAny('|', ':') < 0;

    /// <summary>The port of plaintext servers; null: the name is another one.</summary>
    public static int? PortOf(string name) =>
        name.StartsWith(Plaintext, StringComparison.Ordinal)
        && int.TryParse(name.AsSpan(Plaintext.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var port)
        && port is >= 1 and <= 65535
        && OfPort(port) == name
            ? port
            : null;
}
