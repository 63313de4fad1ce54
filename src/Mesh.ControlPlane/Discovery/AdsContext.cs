namespace ProxylessMesh.ControlPlane.Discovery;

/// <summary>What all streams share.</summary>
/// <param name="Settings">Limits.</param>
/// <param name="Latest">The state of the mesh.</param>
/// <param name="Pushes">As many responses as may be put together at the same time.</param>
/// <param name="Time">The clock.</param>
/// <param name="Logger">Where events go.</param>
internal sealed record AdsContext(AdsSettings Settings, Func<IResourceGenerator> Latest, SemaphoreSlim Pushes, TimeProvider Time, ILogger Logger);
