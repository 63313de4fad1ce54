using System.Globalization;
using ProxylessMesh.Benchmarks.Harness;

namespace ProxylessMesh.Benchmarks.Loopback;

/// <summary>One nginx worker that keeps its connections.</summary>
internal static class NginxConfiguration
{
    public const string Binary = "/usr/sbin/nginx";

    public static IReadOnlyList<string> Of(string folder, Hop hop)
    {
        var file = Path.Combine(folder, "nginx.conf");
        File.WriteAllText(file, Text(folder, hop));
        return ["-c", file, "-p", folder];
    }

    private static string Text(string folder, Hop hop) => string.Create(CultureInfo.InvariantCulture, $$"""
        daemon off;
        master_process off;
        worker_processes 1;
        pid {{folder}}/pid;
        error_log stderr crit;
        events { worker_connections 1024; }
        http {
          access_log off;
          client_body_temp_path {{folder}}; proxy_temp_path {{folder}}; fastcgi_temp_path {{folder}}; uwsgi_temp_path {{folder}}; scgi_temp_path {{folder}};
          keepalive_requests 1000000000;
          upstream other { server 127.0.0.1:{{hop.Forward}}; keepalive 64; keepalive_requests 1000000000; }
          server {
            listen 127.0.0.1:{{hop.Listen}}{{(hop.Server is null ? "" : " ssl")}};
            {{Server(hop.Server)}}
            location / {
              proxy_pass {{(hop.Client is null ? "http" : "https")}}://other;
              proxy_http_version 1.1;
              proxy_set_header Connection "";
              {{Client(hop.Client)}}
            }
          }
        }
        """);

    private static string Server(BenchmarkCertificates? tls) => tls is null ? "" :
        $"ssl_certificate {tls.CertificateFile}; ssl_certificate_key {BenchmarkCertificates.KeyFile(tls.Folder)}; ssl_client_certificate {tls.RootFile}; ssl_verify_client on;";

    private static string Client(BenchmarkCertificates? tls) => tls is null ? "" :
        $"proxy_ssl_certificate {tls.CertificateFile}; proxy_ssl_certificate_key {BenchmarkCertificates.KeyFile(tls.Folder)}; proxy_ssl_trusted_certificate {tls.RootFile}; proxy_ssl_verify on; proxy_ssl_name localhost;";
}
