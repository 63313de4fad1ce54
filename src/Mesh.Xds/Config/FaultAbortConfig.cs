namespace ProxylessMesh.Xds.Config;

/// <summary>A share of requests is answered with an error. With neither status, the request's headers say which one.</summary>
/// <param name="HttpStatus">200 to 599.</param>
/// <param name="GrpcStatus">0 to 16.</param>
/// <param name="Share">How many of them; a header can only lower it.</param>
internal sealed record FaultAbortConfig(int? HttpStatus, int? GrpcStatus, FractionConfig Share);
