using System.Globalization;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ProxylessMesh.Benchmarks.Harness;

namespace ProxylessMesh.Benchmarks.Loopback;

/// <summary>Kestrel with a body of 1 kB, in a process of its own so that the client's work is the client's.</summary>
internal sealed class UpstreamProcess : IDisposable
{
    public const string Argument = "--upstream";

    private readonly ChildProcess _process;

    private UpstreamProcess(ChildProcess process, string[] ports)
    {
        _process = process;
        Http1 = new Uri($"http://127.0.0.1:{ports[0]}/");
        Http2 = new Uri($"http://127.0.0.1:{ports[1]}/");
        Https = new Uri($"https://127.0.0.1:{ports[2]}/");
        MutualTls = new Uri($"https://127.0.0.1:{ports[3]}/");
    }

    public Uri Http1 { get; }

    /// <summary>With prior knowledge.</summary>
    public Uri Http2 { get; }

    public Uri Https { get; }

    /// <summary>Wants a client's certificate.</summary>
    public Uri MutualTls { get; }

    /// <param name="certificates">Folder of <see cref="BenchmarkCertificates"/>.</param>
    public static UpstreamProcess Start(string certificates)
    {
        var process = ChildProcess.Start(Argument, certificates);
        return new UpstreamProcess(process, process.ReadLine().Split(' '));
    }

    /// <summary>The child's side: prints its ports and serves until its standard input closes.</summary>
    public static async Task ServeAsync(string certificates)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var certificate = BenchmarkCertificates.Load(certificates);
        var root = X509CertificateLoader.LoadCertificateFromFile(Path.Combine(certificates, "root.pem"));
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            // A call that the mesh put into TLS still says http.
            kestrel.AllowAlternateSchemes = true;
            kestrel.Listen(IPAddress.Loopback, 0, static o => o.Protocols = HttpProtocols.Http1);
            kestrel.Listen(IPAddress.Loopback, 0, static o => o.Protocols = HttpProtocols.Http2);
            kestrel.Listen(IPAddress.Loopback, 0, o => o.UseHttps(certificate));
            kestrel.Listen(IPAddress.Loopback, 0, o => o.UseHttps(certificate, h =>
            {
                h.ClientCertificateMode = ClientCertificateMode.RequireCertificate;
                h.ClientCertificateValidation = (client, _, _) => BenchmarkCertificates.Trusts(root, client);
            }));
        });
        await using var app = builder.Build();
        app.Run(Answer());
        await app.StartAsync();
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        Console.WriteLine(string.Join(' ', addresses.Select(a => new Uri(a).Port.ToString(CultureInfo.InvariantCulture))));
        await Console.In.ReadToEndAsync();
    }

    public void Dispose() => _process.Dispose();

    private static RequestDelegate Answer()
    {
        const int size = 1024;
        var body = new byte[size];
        Array.Fill(body, (byte)'x');
        var message = Load.Message(size);
        return async context =>
        {
            if (!HttpMethods.IsPost(context.Request.Method))
            {
                context.Response.ContentLength = body.Length;
                await context.Response.Body.WriteAsync(body);
                return;
            }

            await context.Request.Body.CopyToAsync(Stream.Null);
            context.Response.ContentType = "application/grpc";
            context.Response.DeclareTrailer("grpc-status");
            await context.Response.Body.WriteAsync(message);
            context.Response.AppendTrailer("grpc-status", "0");
        };
    }
}
