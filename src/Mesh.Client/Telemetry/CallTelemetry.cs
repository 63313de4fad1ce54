using ProxylessMesh.Client.Outcomes;

namespace ProxylessMesh.Client.Telemetry;

/// <summary>Counts the calls of one workload. While nobody listens to the meter, a call pays for one check.</summary>
internal sealed class CallTelemetry(SourceTags source, TimeProvider time)
{
    private const int NoResponse = 0;

    private readonly DestinationTags _nowhere = new(null);

    public static bool IsOn => RequestInstruments.Requests.Enabled || RequestInstruments.Duration.Enabled;

    public long Now => time.GetTimestamp();

    /// <summary>A call that the mesh answered before it chose a cluster.</summary>
    /// <param name="request">The call.</param>
    /// <param name="response">The mesh's.</param>
    /// <param name="started">When; null: just now.</param>
    public void Answered(HttpRequestMessage request, HttpResponseMessage response, long? started = null)
    {
        if (IsOn)
        {
            var flags = (response.Content as IOutcomeCarrier)?.Outcome.Flags ?? ResponseFlags.None;
            Record(_nowhere, new CallResult((int)response.StatusCode, flags, LocalReply.IsGrpc(request), GrpcStatus.Of(response)), started ?? Now);
        }
    }

    /// <summary>A call without a response, nearly always because its caller gave it up (DC).</summary>
    public void Unanswered(HttpRequestMessage request, DestinationTags destination, bool isGivenUp, long started) =>
        Record(destination, new CallResult(NoResponse, ResponseFlags.None, LocalReply.IsGrpc(request), GrpcStatus.None) { IsGivenUp = isGivenUp }, started);

    /// <summary>A call whose response has ended, or was dropped.</summary>
    public void Ended(HttpResponseMessage response, DestinationTags destination, ResponseFlags flags, bool isGrpc, long started) =>
        Record(destination, new CallResult((int)response.StatusCode, flags, isGrpc, isGrpc ? GrpcStatus.Of(response) : GrpcStatus.None), started);

    public void Record(DestinationTags destination, CallResult result, long started)
    {
        var tags = destination.Of(source, result);
        RequestInstruments.Requests.Add(1, tags);
        RequestInstruments.Duration.Record(time.GetElapsedTime(started).TotalMilliseconds, tags);
    }
}
