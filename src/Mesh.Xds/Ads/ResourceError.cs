namespace ProxylessMesh.Xds.Ads;

/// <summary>Why a resource has no (new) value.</summary>
internal sealed record ResourceError(ResourceErrorKind Kind, string Message);
