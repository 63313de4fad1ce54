using Google.Protobuf;

namespace ProxylessMesh.Xds.Ads;

/// <summary>An update of a resource that was refused.</summary>
/// <param name="Version">Of the update.</param>
/// <param name="At">When it came.</param>
/// <param name="Details">What is wrong with it.</param>
/// <param name="Contents">The update itself; null when contents are not kept.</param>
internal sealed record XdsRejection(string Version, DateTimeOffset At, string Details, ByteString? Contents);
