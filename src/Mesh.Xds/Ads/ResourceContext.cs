using Microsoft.Extensions.Logging;
using ProxylessMesh.Xds.Cache;

namespace ProxylessMesh.Xds.Ads;

/// <summary>What all resource types share.</summary>
internal sealed record ResourceContext(XdsServerFeatures Features, IResourceCache? Cache, ILogger Logger);
