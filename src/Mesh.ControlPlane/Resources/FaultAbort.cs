namespace ProxylessMesh.ControlPlane.Resources;

/// <summary>A share of requests, in millionths, is answered with an error; one of the two statuses is set.</summary>
internal sealed record FaultAbort(int? HttpStatus, int? GrpcStatus, int PerMillion);
