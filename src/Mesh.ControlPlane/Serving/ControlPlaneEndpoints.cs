using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using ProxylessMesh.ControlPlane.CertificateAuthority;
using ProxylessMesh.ControlPlane.Discovery;
using ProxylessMesh.ControlPlane.Grpc;
using ProxylessMesh.ControlPlane.LoadReports;
using ProxylessMesh.Xds.Grpc;

namespace ProxylessMesh.ControlPlane.Serving;

/// <summary>The sockets of the control plane and which method is served on which.</summary>
internal sealed class ControlPlaneEndpoints : IAsyncDisposable
{
    private const int MaxConnections = 20_000;

    private static readonly TimeSpan s_drain = TimeSpan.FromSeconds(3);

    private readonly ControlPlaneOptions _options;
    private readonly TimeProvider _time;
    private readonly ControlPlaneCertificate _certificate;
    private readonly WebApplication _app;

    public ControlPlaneEndpoints(
        ControlPlaneOptions options,
        AdsServer ads,
        LoadReportServer? loads,
        CertificateService certificates,
        CallerIdentity callers,
        ControlPlaneCertificate certificate,
        TimeProvider time,
        ILoggerFactory loggers)
    {
        _options = options;
        _time = time;
        _certificate = certificate;
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(Configure);
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton(time);
        builder.Services.AddSingleton(loggers);
        builder.Services.AddSingleton<IHostLifetime, EmbeddedLifetime>();
        _app = builder.Build();
        _app.UseRouting();
        _app.MapGrpcDuplex(WellKnownMethods.StreamAggregatedResources, ads.ServeAsync);
        _app.MapGrpcDuplex(WellKnownMethods.DeltaAggregatedResources, ads.ServeDeltaAsync);
        if (loads is not null)
        {
            _app.MapGrpcDuplex(WellKnownMethods.StreamLoadStats, loads.ServeAsync, loads.MaxMessageSize);
        }

        _app.MapCertificateService(certificates, callers);
    }

    public IPEndPoint? Xds { get; private set; }

    public IPEndPoint Secure { get; private set; } = new(IPAddress.None, 0);

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await _app.StartAsync(cancellationToken).ConfigureAwait(false);
        var addresses = _app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses;
        foreach (var address in addresses.Select(text => new Uri(text)))
        {
            if (address.Scheme == Uri.UriSchemeHttps)
            {
                Secure = new IPEndPoint(_options.SecureAddress.Address, address.Port);
            }
            else
            {
                Xds = new IPEndPoint(_options.XdsAddress!.Address, address.Port);
            }
        }
    }

    /// <summary>Lets answers that are on their way arrive, for a while.</summary>
    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(s_drain, _time);
        await _app.StopAsync(patience.Token).ConfigureAwait(false);
        await _app.DisposeAsync().ConfigureAwait(false);
    }

    private void Configure(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxConcurrentConnections = MaxConnections;

        // A client that vanished without a word leaves the registry within 40 s.
        kestrel.Limits.Http2.KeepAlivePingDelay = TimeSpan.FromSeconds(30);
        kestrel.Limits.Http2.KeepAlivePingTimeout = TimeSpan.FromSeconds(10);
        if (_options.XdsAddress is { } xds)
        {
            kestrel.Listen(xds, listen => listen.Protocols = HttpProtocols.Http2);
        }

        kestrel.Listen(_options.SecureAddress, listen => listen.UseMeshCertificate(_certificate));
    }
}
