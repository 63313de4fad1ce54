using Google.Protobuf;

namespace ProxylessMesh.Xds.Ads;

/// <summary>A stream of either variant; requests are those that the <see cref="ITypeProtocol"/>s of the same variant make.</summary>
internal interface IAdsWire : IAsyncDisposable
{
    Task WriteAsync(IMessage request, CancellationToken cancellationToken);

    /// <summary>The next response, or null when the server ended the stream with OK.</summary>
    Task<AdsResponse?> ReadAsync(CancellationToken cancellationToken);
}
