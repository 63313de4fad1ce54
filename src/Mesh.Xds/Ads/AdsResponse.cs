using Google.Protobuf;

namespace ProxylessMesh.Xds.Ads;

/// <summary>A response of either variant.</summary>
/// <param name="Message">As it came; only the <see cref="ITypeProtocol"/> of its variant looks into it.</param>
/// <param name="TypeUrl">Of its resources.</param>
/// <param name="Version">For logs.</param>
/// <param name="Count">Of its resources.</param>
internal sealed record AdsResponse(IMessage Message, string TypeUrl, string Version, int Count);
