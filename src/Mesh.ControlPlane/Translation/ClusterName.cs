using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace ProxylessMesh.ControlPlane.Translation;

/// <summary>Istio's key of a cluster, and with an empty subset of a route configuration: <c>outbound|9080|v1|reviews.default.svc.cluster.local</c>.</summary>
internal sealed record ClusterName(int Port, string Subset, string Host)
{
    private const string Direction = "outbound";

    public static bool TryParse(string text, [NotNullWhen(true)] out ClusterName? name)
    {
        name = null;
        var parts = text.Split('|', 5);
        if (parts.Length != 4
            || parts[0] != Direction
            || !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            || port is < 1 or > 65535
            || parts[3].Length == 0)
        {
            return false;
        }

        var parsed = new ClusterName(port, parts[2], parts[3]);
        name = parsed.ToString() == text ? parsed : null;
        return name is not null;
    }

    /// <summary>The same as a server name for TLS: <c>outbound_.9080_.v1_.reviews.default.svc.cluster.local</c>.</summary>
    public string ToServerName() => string.Create(CultureInfo.InvariantCulture, $"{Direction}_.{Port}_.{Subset}_.{Host}");

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Direction}|{Port}|{Subset}|{Host}");
}
