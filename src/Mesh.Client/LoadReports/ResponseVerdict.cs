using ProxylessMesh.Client.Telemetry;
using ProxylessMesh.Xds.Grpc;

namespace ProxylessMesh.Client.LoadReports;

/// <summary>Whether a response that ended counts as an error: a server's (5xx, as Envoy counts), or of a gRPC call any status but OK.</summary>
internal static class ResponseVerdict
{
    public static bool HasFailed(HttpResponseMessage response)
    {
        if ((int)response.StatusCode >= 500)
        {
            return true;
        }

        // gRPC is HTTP/2. A call without status was cut off.
        return response.Version.Major >= 2
            && response.Content.Headers.NonValidated.TryGetValues("content-type", out var type)
            && GrpcContentType.IsGrpc(type.ToString())
            && GrpcStatus.Of(response) != 0;
    }
}
