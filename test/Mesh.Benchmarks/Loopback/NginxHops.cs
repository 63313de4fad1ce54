using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace ProxylessMesh.Benchmarks.Loopback;

/// <summary>One nginx worker that forwards once (as a client-side sidecar) or twice (as two), with upstream keep-alive.</summary>
internal sealed class NginxHops : IDisposable
{
    private const string Binary = "/usr/sbin/nginx";

    private readonly string _directory;
    private readonly Process _process;

    private NginxHops(string directory, Process process, int firstHop, int secondHop)
    {
        _directory = directory;
        _process = process;
        OneHop = Address(secondHop);
        TwoHops = Address(firstHop);
    }

    public static bool Available => File.Exists(Binary);

    public Uri OneHop { get; }

    public Uri TwoHops { get; }

    public static NginxHops Start(Uri upstream)
    {
        var (first, second) = (FreePort(), FreePort());
        var directory = Directory.CreateTempSubdirectory("mesh-bench-").FullName;
        var file = Path.Combine(directory, "nginx.conf");
        File.WriteAllText(file, Configuration(directory, first, second, upstream));
        var process = Process.Start(new ProcessStartInfo(Binary, ["-c", file, "-p", directory, "-g", "daemon off;"]) { RedirectStandardError = true })!;
        return new NginxHops(directory, process, first, second);
    }

    public void Dispose()
    {
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit(5000);
        _process.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    private static string Configuration(string directory, int first, int second, Uri upstream) => string.Create(CultureInfo.InvariantCulture, $$"""
        worker_processes 1;
        pid {{directory}}/pid;
        error_log stderr crit;
        events { worker_connections 1024; }
        http {
          access_log off;
          client_body_temp_path {{directory}}; proxy_temp_path {{directory}}; fastcgi_temp_path {{directory}}; uwsgi_temp_path {{directory}}; scgi_temp_path {{directory}};
          keepalive_requests 1000000000;
          upstream app { server {{upstream.Authority}}; keepalive 64; keepalive_requests 1000000000; }
          upstream other { server 127.0.0.1:{{second}}; keepalive 64; keepalive_requests 1000000000; }
          server { listen 127.0.0.1:{{first}}; location / { proxy_pass http://other; proxy_http_version 1.1; proxy_set_header Connection ""; } }
          server { listen 127.0.0.1:{{second}}; location / { proxy_pass http://app; proxy_http_version 1.1; proxy_set_header Connection ""; } }
        }
        """);

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static Uri Address(int port) => new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}"));
}
