using System.Globalization;
using ProxylessMesh.Benchmarks.Harness;

namespace ProxylessMesh.Benchmarks.Loopback;

/// <summary>One haproxy thread that keeps its connections and shares them among its callers.</summary>
internal static class HaproxyConfiguration
{
    public const string Binary = "/usr/sbin/haproxy";

    public static IReadOnlyList<string> Of(string folder, Hop hop)
    {
        var file = Path.Combine(folder, "haproxy.cfg");
        File.WriteAllText(file, Text(hop));
        return ["-q", "-db", "-f", file];
    }

    private static string Text(Hop hop) => string.Create(CultureInfo.InvariantCulture, $"""
        global
          nbthread 1
          maxconn 2000
        defaults
          mode http
          timeout connect 5s
          timeout client 60s
          timeout server 60s
          http-reuse always
        frontend in
          bind 127.0.0.1:{hop.Listen}{Tls(hop.Server, hop.Http2)}
          default_backend out
        backend out
          server other 127.0.0.1:{hop.Forward}{Tls(hop.Client, hop.Http2)}

        """);

    private static string Tls(BenchmarkCertificates? tls, bool http2) =>
        tls is null ? "" : $" ssl crt {tls.BundleFile} ca-file {tls.RootFile} verify required{(http2 ? " alpn h2" : "")}";
}
