using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ProxylessMesh.Client.Runtime;
using ProxylessMesh.FunctionalTests.Fixture;
using ProxylessMesh.Sidecar.Gateway;
using ProxylessMesh.Testing;

namespace ProxylessMesh.FunctionalTests.Gateway;

/// <summary>The gateway's process, in this one: account <c>ingress</c> of namespace <c>default</c> with the label <c>istio: ingressgateway</c>.</summary>
internal sealed class EdgeGateway : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly MeshRuntime _mesh;
    private readonly List<HttpClient> _clients = [];

    private EdgeGateway(WebApplication app, CollectedLogs logs)
    {
        _app = app;
        _mesh = app.Services.GetRequiredService<MeshRuntime>();
        Logs = logs;
    }

    public CollectedLogs Logs { get; }

    /// <param name="mesh">Where it joins.</param>
    /// <param name="credentials">Its directory of credentials.</param>
    /// <param name="ports">Where it listens.</param>
    public static Task<EdgeGateway> StartAsync(MeshEnvironment mesh, string? credentials, params int[] ports) => StartAsync(mesh, "default", credentials, ports);

    public static async Task<EdgeGateway> StartAsync(MeshEnvironment mesh, string ns, string? credentials, params int[] ports)
    {
        var logs = new CollectedLogs();
        string[] settings =
        [
            "--hostBuilder:reloadConfigOnChange=false",
            .. ports.Select((port, i) => string.Create(CultureInfo.InvariantCulture, $"--Sidecar:Gateway:Listen:{i}=127.0.0.1:{port}")),
            .. credentials is null ? Array.Empty<string>() : [$"--Sidecar:Gateway:CredentialDirectory={credentials}"],
        ];
        var app = GatewayHost.Create(
            settings,
            options =>
            {
                mesh.Join(options, "ingress", ns);
                options.Workload.Name = "ingress";
                options.Workload.Labels["istio"] = "ingressgateway";
            },
            builder => builder.Logging.ClearProviders().AddProvider(logs).SetMinimumLevel(LogLevel.Information))!;
        await app.StartAsync();
        await Poll.UntilAsync(() => mesh.Plane.Registry.Current.Any(w => w.Name == "ingress"), "the gateway has not registered");
        await mesh.SettledAsync();
        return new EdgeGateway(app, logs);
    }

    /// <summary>A client outside the mesh to whom every name is the gateway's.</summary>
    /// <param name="port">Of the gateway.</param>
    /// <param name="roots">That it trusts; null: it speaks plaintext.</param>
    /// <param name="certificate">Of its own.</param>
    /// <param name="http2">Whether it speaks HTTP/2.</param>
    public HttpClient Outside(int port, X509Certificate2Collection? roots = null, X509Certificate2? certificate = null, bool http2 = false)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            ConnectCallback = async (_, cancellation) =>
            {
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), cancellation);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };
        if (roots is not null)
        {
            handler.SslOptions = new SslClientAuthenticationOptions
            {
                CertificateChainPolicy = Trusting(roots),
                ClientCertificateContext = certificate is null ? null : SslStreamCertificateContext.Create(certificate, null, offline: true),
            };
        }

        var client = new HttpClient(handler)
        {
            Timeout = Poll.Patience,
            DefaultRequestVersion = http2 ? HttpVersion.Version20 : HttpVersion.Version11,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        _clients.Add(client);
        return client;
    }

    /// <summary>Asks until the status is as expected: configuration arrives when it arrives.</summary>
    public static async Task UntilAsync(HttpClient client, string url, HttpStatusCode expected)
    {
        var last = "";
        await Poll.UntilAsync(
            async () =>
            {
                try
                {
                    using var response = await client.GetAsync(url);
                    last = $"{(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}";
                    return response.StatusCode == expected;
                }
                catch (HttpRequestException e)
                {
                    last = $"{e.Message} {e.InnerException?.Message}";
                    return false;
                }
            },
            () => $"{url} answers {last}");
    }

    /// <summary>Asks until it is answered, and returns what the workload saw.</summary>
    public static async Task<Answer> AskAsync(HttpClient client, string url)
    {
        await UntilAsync(client, url, HttpStatusCode.OK);
        using var response = await client.GetAsync(url);
        return await MeshClient.ReadAsync(response);
    }

    /// <summary>A client whose connections are all for one server name, whatever host its <c>http://</c> requests ask for.</summary>
    public HttpClient Misdirected(int port, X509Certificate2Collection roots, string serverName, bool http2)
    {
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            ConnectCallback = async (_, cancellation) =>
            {
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), cancellation);
                var tls = new SslStream(new NetworkStream(socket, ownsSocket: true));
                await tls.AuthenticateAsClientAsync(
                    new SslClientAuthenticationOptions
                    {
                        TargetHost = serverName,
                        CertificateChainPolicy = Trusting(roots),
                        ApplicationProtocols = [http2 ? SslApplicationProtocol.Http2 : SslApplicationProtocol.Http11],
                    },
                    cancellation);
                return tls;
            },
        };
        var client = new HttpClient(handler) { Timeout = Poll.Patience, DefaultRequestVersion = http2 ? HttpVersion.Version20 : HttpVersion.Version11, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };
        _clients.Add(client);
        return client;
    }

    private static X509ChainPolicy Trusting(X509Certificate2Collection roots)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.AddRange(roots);
        return policy;
    }

    public async ValueTask DisposeAsync()
    {
        _clients.ForEach(c => c.Dispose());
        try
        {
            await LeakCheck.NothingIsHeldAsync(_mesh, "ingress");
        }
        finally
        {
            await _app.DisposeAsync();
        }

        await LeakCheck.NothingIsOpenAsync(_mesh, "ingress");
    }
}
