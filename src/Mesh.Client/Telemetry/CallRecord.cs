using ProxylessMesh.Client.Outcomes;

namespace ProxylessMesh.Client.Telemetry;

/// <summary>A call whose response is being read; made only while somebody listens.</summary>
internal sealed class CallRecord(CallTelemetry telemetry, DestinationTags destination, HttpRequestMessage request, HttpResponseMessage response, long started) : ResponseRecord
{
    private readonly bool _isGrpc = LocalReply.IsGrpc(request);

    /// <summary>The response ended, or was dropped.</summary>
    public override void End(ResponseFlags flags)
    {
        var status = _isGrpc ? GrpcStatus.Of(response) : GrpcStatus.None;
        telemetry.Record(destination, new CallResult((int)response.StatusCode, flags, _isGrpc, status), started);
    }
}
