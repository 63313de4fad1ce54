using ProxylessMesh.Client.Outcomes;

namespace ProxylessMesh.Client.Telemetry;

/// <summary>What distinguishes the calls to one destination from each other in the metrics.</summary>
/// <param name="Code">HTTP status; 0: there was no response.</param>
/// <param name="Flags">Why.</param>
/// <param name="IsGrpc">Whether the request was a gRPC call.</param>
/// <param name="GrpcStatus">Of <see cref="Telemetry.GrpcStatus"/>.</param>
internal readonly record struct CallResult(int Code, ResponseFlags Flags, bool IsGrpc, int GrpcStatus)
{
    /// <summary>The caller did not wait for the end (DC).</summary>
    public bool IsGivenUp { get; init; }

    // Written out, because those of a record box an enum where the compiler does not optimise.
    public bool Equals(CallResult other) =>
        Code == other.Code && Flags == other.Flags && IsGrpc == other.IsGrpc && GrpcStatus == other.GrpcStatus && IsGivenUp == other.IsGivenUp;

    public override int GetHashCode() => HashCode.Combine(Code, (int)Flags, IsGrpc, GrpcStatus, IsGivenUp);
}
