using Google.Protobuf;

namespace ProxylessMesh.Xds.Ads;

/// <summary>One of the resource types, with all that the protocol code needs to know of it.</summary>
/// <param name="TypeUrl"><c>type.googleapis.com/envoy.config...</c>.</param>
/// <param name="ShortName">For logs: LDS, RDS, CDS, EDS.</param>
/// <param name="FullState">Responses hold all resources: what is absent is deleted (LDS and CDS only).</param>
/// <param name="Decode">Reads one resource's bytes. Never throws.</param>
internal sealed record ResourceKind<T>(string TypeUrl, string ShortName, bool FullState, Func<ByteString, DecodeResult<T>> Decode)
    where T : class
{
    /// <summary>As <c>Decode</c>, by what differs from the last value of the name; null: this type gains nothing by it. Never throws.</summary>
    public Func<ByteString, Func<string, T?>, DecodeResult<T>>? DecodeUpdate { get; init; }
}
