using System.Globalization;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.ControlPlane.Explain;

/// <summary>Numbers as people read them.</summary>
internal static class Say
{
    private const double Million = 1_000_000;

    public static string Seconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.###} s");

    public static string Share(double share) => string.Create(CultureInfo.InvariantCulture, $"{share:0.####%}");

    public static string Share(FractionConfig share) => Share((double)share.Numerator / share.Denominator);

    public static string SharePerMillion(int share) => Share(share / Million);

    public static string Limit(int limit) => limit == int.MaxValue ? "unlimited" : limit.ToString(CultureInfo.InvariantCulture);
}
