namespace ProxylessMesh.Xds.Ads;

/// <summary>Hears of a stream's progress.</summary>
internal interface IAdsSessionEvents
{
    /// <summary>Completes when all watchers have seen the response: only then is the next one read.</summary>
    Task ReceivedAsync(AdsSession session, AdsResponse response);

    /// <summary>The stream can take a request of this type; null when there is nothing to say any more.</summary>
    Task<OutgoingRequest?> TakeAsync(AdsSession session, ChannelType type);

    void Sent(AdsSession session, OutgoingRequest request);
}
