using Envoy.Config.Core.V3;
using Google.Protobuf.WellKnownTypes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using ProxylessMesh.ControlPlane.Discovery;
using ProxylessMesh.ControlPlane.Grpc;
using ProxylessMesh.ControlPlane.Registry;
using ProxylessMesh.ControlPlane.Tests.Grpc;
using ProxylessMesh.Testing;
using ProxylessMesh.Xds.Grpc;
using ProxylessMesh.Xds.Identity;

namespace ProxylessMesh.ControlPlane.Tests.Discovery;

/// <summary>The ADS server on a real Kestrel. Who a caller is stands in a header, so that tests choose.</summary>
internal sealed class AdsTestServer : IAsyncDisposable
{
    private readonly List<GrpcChannel> _channels = [];
    private GrpcTestServer? _server;

    private AdsTestServer(AdsSettings settings, TimeProvider time) =>
        Ads = new AdsServer(new HeaderAuthenticator(), Registry, settings, time, new Logger<AdsServer>(Logs));

    public AdsServer Ads { get; }

    public WorkloadRegistry Registry { get; } = new();

    public CollectedLogs Logs { get; } = new();

    /// <summary>Of what lies below: the gRPC calls and Kestrel.</summary>
    public CollectedLogs ServerLogs => _server!.Logs;

    public Uri Address => _server!.Address;

    public static async Task<AdsTestServer> StartAsync(AdsSettings? settings = null, TimeProvider? time = null)
    {
        var server = new AdsTestServer(settings ?? new AdsSettings(), time ?? TimeProvider.System);
        server._server = await GrpcTestServer.StartAsync(app =>
        {
            app.MapGrpcDuplex(WellKnownMethods.StreamAggregatedResources, server.Ads.ServeAsync);
            app.MapGrpcDuplex(WellKnownMethods.DeltaAggregatedResources, server.Ads.ServeDeltaAsync);
        });
        return server;
    }

    /// <summary>With a configuration to serve.</summary>
    public static async Task<AdsTestServer> StartAsync(IResourceGenerator resources, AdsSettings? settings = null, TimeProvider? time = null)
    {
        var server = await StartAsync(settings, time);
        server.Ads.Publish(resources);
        return server;
    }

    public static Node Node(string ns = "default", string serviceAccount = "reviews", string? ports = null, string id = "reviews-v1-00000001")
    {
        var metadata = new Struct
        {
            Fields =
            {
                ["GENERATOR"] = Value.ForString("mesh"),
                ["NAMESPACE"] = Value.ForString(ns),
                ["SERVICE_ACCOUNT"] = Value.ForString(serviceAccount),
                ["WORKLOAD_NAME"] = Value.ForString("reviews-v1"),
                ["INSTANCE_IPS"] = Value.ForString("127.0.0.1"),
                ["LABELS"] = Value.ForStruct(new Struct { Fields = { ["security.istio.io/tlsMode"] = Value.ForString("istio") } }),
            },
        };
        if (ports is not null)
        {
            metadata.Fields["POD_PORTS"] = Value.ForString(ports);
        }

        return new Node { Id = $"sidecar~127.0.0.1~{id}.{ns}~{ns}.svc.cluster.local", Metadata = metadata };
    }

    /// <param name="identity">A SPIFFE id, "refused", or null for plaintext.</param>
    public AdsTestClient Connect(string? identity = null) =>
        new(NewChannel().Duplex(
            WellKnownMethods.StreamAggregatedResources,
            identity is null ? GrpcCallOptions.None : new GrpcCallOptions(Metadata: [new("x-identity", identity)])));

    public DeltaTestClient ConnectDelta() => new(NewChannel().Duplex(WellKnownMethods.DeltaAggregatedResources, GrpcCallOptions.None));

    public async ValueTask DisposeAsync()
    {
        _channels.ForEach(channel => channel.Dispose());
        await Ads.StopAsync();
        await _server!.DisposeAsync();
        Ads.Dispose();
    }

    private GrpcChannel NewChannel()
    {
        var channel = new GrpcChannel(_server!.Address, new GrpcChannelSettings(), tls: null, TimeProvider.System);
        _channels.Add(channel);
        return channel;
    }

    private sealed class HeaderAuthenticator : IStreamAuthenticator
    {
        public ValueTask<SpiffeId?> AuthenticateAsync(HttpContext context, CancellationToken cancellationToken)
        {
            var claim = context.Request.Headers["x-identity"].ToString();
            return claim == "refused" ? throw new GrpcException(GrpcStatusCode.Unauthenticated, "no proof")
                : ValueTask.FromResult(SpiffeId.TryParse(claim, out var id) ? id : null);
        }
    }
}
