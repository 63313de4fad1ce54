using Envoy.Config.Core.V3;
using Google.Protobuf;

namespace ProxylessMesh.Xds.Ads;

/// <summary>
/// The protocol's state machine for one resource type on one stream: what there is to say, and what a response means. Lives as long as
/// the stream; what outlives that is the <see cref="ChannelType"/>'s. Belongs to the event loop.
/// </summary>
internal interface ITypeProtocol
{
    /// <summary>A request has been made on this stream, so that responses are expected.</summary>
    bool IsRequested { get; }

    /// <summary>There is something to tell the server.</summary>
    bool IsDirty { get; }

    /// <summary>Other names are watched than before.</summary>
    void NamesChanged();

    /// <summary>The next request, or null when there turns out to be nothing to say.</summary>
    /// <param name="node">Who we are, for a stream's first request.</param>
    IMessage? TakeRequest(Node? node);

    /// <summary>Takes a response of this type, tells watchers, and notes whether it is accepted. Returns the reasons if not.</summary>
    string? Receive(IMessage response);
}
