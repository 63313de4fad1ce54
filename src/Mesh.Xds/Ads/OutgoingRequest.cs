using Google.Protobuf;

namespace ProxylessMesh.Xds.Ads;

/// <summary>A request on its way. <paramref name="Sequence"/> is the client's count of subscriptions when its names were collected.</summary>
internal sealed record OutgoingRequest(ChannelType Type, IMessage Message, long Sequence);
