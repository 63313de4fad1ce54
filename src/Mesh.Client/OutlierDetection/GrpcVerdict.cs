namespace ProxylessMesh.Client.OutlierDetection;

/// <summary>A trailers-only gRPC response by the HTTP status that its grpc-status maps to (Envoy's outlier detection does the same).</summary>
internal static class GrpcVerdict
{
    private const string Header = "grpc-status";

    /// <summary>gRPC is HTTP/2: the header is looked for in no other response.</summary>
    public static bool IsGrpc(HttpResponseMessage response) =>
        response.Version.Major >= 2 && response.IsSuccessStatusCode && response.Headers.NonValidated.Contains(Header);

    public static AttemptVerdict Of(HttpResponseMessage response) =>
        response.Headers.NonValidated.TryGetValues(Header, out var status)
            ? status.ToString() switch
            {
                // UNAVAILABLE is 503, DEADLINE_EXCEEDED 504; UNKNOWN, INTERNAL and DATA_LOSS are 500, UNIMPLEMENTED 501.
                "4" or "14" => AttemptVerdict.GatewayFailure,
                "2" or "12" or "13" or "15" => AttemptVerdict.ServerError,
                _ => AttemptVerdict.Success,
            }
            : AttemptVerdict.Success;
}
