using ProxylessMesh.Xds.Grpc;
using Spiffe.Workload;

namespace ProxylessMesh.Xds.Identity.WorkloadApi;

/// <summary>The method of the SPIFFE Workload API that is used, and the header without which an agent must refuse a call.</summary>
internal static class WorkloadApiMethods
{
    /// <summary>SPIFFE Workload Endpoint specification, section 4: keeps requests that a confused browser or proxy makes away.</summary>
    public const string SecurityHeader = "workload.spiffe.io";

    public static GrpcMethod<X509SVIDRequest, X509SVIDResponse> FetchX509Svid { get; } = new(
        "/SpiffeWorkloadAPI/FetchX509SVID", X509SVIDRequest.Parser, X509SVIDResponse.Parser);
}
