using Envoy.Service.Auth.V3;
using Envoy.Service.Discovery.V3;
using Envoy.Service.LoadStats.V3;
using Envoy.Service.Ratelimit.V3;
using Envoy.Service.Status.V3;
using Grpc.Health.V1;
using Istio.V1.Auth;
using Xds.Data.Orca.V3;
using Xds.Service.Orca.V3;

namespace ProxylessMesh.Xds.Grpc;

/// <summary>The methods that the control plane serves, and that filters and agents call.</summary>
internal static class WellKnownMethods
{
    public static GrpcMethod<DiscoveryRequest, DiscoveryResponse> StreamAggregatedResources { get; } = new(
        "/envoy.service.discovery.v3.AggregatedDiscoveryService/StreamAggregatedResources",
        DiscoveryRequest.Parser,
        DiscoveryResponse.Parser);

    public static GrpcMethod<DeltaDiscoveryRequest, DeltaDiscoveryResponse> DeltaAggregatedResources { get; } = new(
        "/envoy.service.discovery.v3.AggregatedDiscoveryService/DeltaAggregatedResources",
        DeltaDiscoveryRequest.Parser,
        DeltaDiscoveryResponse.Parser);

    public static GrpcMethod<IstioCertificateRequest, IstioCertificateResponse> CreateCertificate { get; } = new(
        "/istio.v1.auth.IstioCertificateService/CreateCertificate",
        IstioCertificateRequest.Parser,
        IstioCertificateResponse.Parser);

    public static GrpcMethod<HealthCheckRequest, HealthCheckResponse> CheckHealth { get; } = new(
        "/grpc.health.v1.Health/Check",
        HealthCheckRequest.Parser,
        HealthCheckResponse.Parser);

    public static GrpcMethod<RateLimitRequest, RateLimitResponse> ShouldRateLimit { get; } = new(
        "/envoy.service.ratelimit.v3.RateLimitService/ShouldRateLimit",
        RateLimitRequest.Parser,
        RateLimitResponse.Parser);

    public static GrpcMethod<LoadStatsRequest, LoadStatsResponse> StreamLoadStats { get; } = new(
        "/envoy.service.load_stats.v3.LoadReportingService/StreamLoadStats",
        LoadStatsRequest.Parser,
        LoadStatsResponse.Parser);

    public static GrpcMethod<OrcaLoadReportRequest, OrcaLoadReport> StreamCoreMetrics { get; } = new(
        "/xds.service.orca.v3.OpenRcaService/StreamCoreMetrics",
        OrcaLoadReportRequest.Parser,
        OrcaLoadReport.Parser);

    public static GrpcMethod<CheckRequest, CheckResponse> Check { get; } = new(
        "/envoy.service.auth.v3.Authorization/Check",
        CheckRequest.Parser,
        CheckResponse.Parser);

    public static GrpcMethod<ClientStatusRequest, ClientStatusResponse> FetchClientStatus { get; } = new(
        "/envoy.service.status.v3.ClientStatusDiscoveryService/FetchClientStatus",
        ClientStatusRequest.Parser,
        ClientStatusResponse.Parser);

    public static GrpcMethod<ClientStatusRequest, ClientStatusResponse> StreamClientStatus { get; } = new(
        "/envoy.service.status.v3.ClientStatusDiscoveryService/StreamClientStatus",
        ClientStatusRequest.Parser,
        ClientStatusResponse.Parser);
}
