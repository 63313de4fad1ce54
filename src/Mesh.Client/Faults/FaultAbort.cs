namespace ProxylessMesh.Client.Faults;

/// <summary>The error to answer with: one of the two is set.</summary>
internal readonly record struct FaultAbort(int? HttpStatus, int? GrpcStatus);
