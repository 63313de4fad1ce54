using System.Net;
using System.Net.Sockets;
using ProxylessMesh.Benchmarks.Harness;

namespace ProxylessMesh.Benchmarks.Loopback;

/// <summary>
/// Two proxies in a row, a process with one thread each, as the sidecars of caller and called are; plaintext to and from the apps, and
/// between the two plaintext or mutual TLS. Of each kind that is installed.
/// </summary>
internal sealed class TwoHops : IDisposable
{
    private readonly List<ProxyProcess> _processes = [];
    private readonly List<(string Name, Uri Entry)> _all = [];

    private TwoHops()
    {
    }

    /// <summary>What they are called, and where they listen.</summary>
    public IReadOnlyList<(string Name, Uri Entry)> All => _all;

    public static TwoHops Start(Uri upstream, BenchmarkCertificates certificates, bool mutualTls, TextWriter output)
    {
        var hops = new TwoHops();
        Kind[] kinds =
        [
            new("nginx", NginxConfiguration.Binary, NginxConfiguration.Of, Http2: false),
            new("haproxy", HaproxyConfiguration.Binary, HaproxyConfiguration.Of, Http2: false),
            .. mutualTls ? (Kind[])[new("haproxy", HaproxyConfiguration.Binary, HaproxyConfiguration.Of, Http2: true)] : [],
        ];
        foreach (var (name, binary, configuration, http2) in kinds)
        {
            if (!File.Exists(binary))
            {
                output.WriteLine($"{name} is not installed (apt-get install {name}): its hops were not measured");
                continue;
            }

            var (first, second) = (FreePort(), FreePort());
            var to = mutualTls ? certificates : null;
            hops._processes.Add(ProxyProcess.Start(binary, configuration, new Hop(second, upstream.Port, to, null, http2)));
            hops._processes.Add(ProxyProcess.Start(binary, configuration, new Hop(first, second, null, to, http2)));
            hops._all.Add(($"HttpClient + two {name} hops{(mutualTls ? ", mTLS between" : "")}{(http2 ? " in HTTP/2" : "")}", new Uri($"http://127.0.0.1:{first}/")));
        }

        return hops;
    }

    public void Dispose()
    {
        foreach (var process in _processes)
        {
            process.Dispose();
        }
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private sealed record Kind(string Name, string Binary, Func<string, Hop, IReadOnlyList<string>> Configuration, bool Http2);
}
