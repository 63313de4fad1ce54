namespace ProxylessMesh.ControlPlane.Sources;

/// <summary>Where configuration comes from.</summary>
internal interface IConfigSource : IAsyncDisposable
{
    /// <summary>The newest snapshot; there is one as soon as <see cref="StartAsync"/> has completed.</summary>
    ConfigSnapshot Current { get; }

    /// <summary>After <see cref="Current"/> was replaced. Called one at a time.</summary>
    event Action<ConfigSnapshot>? Changed;

    /// <summary>Reads everything once and begins to watch.</summary>
    Task StartAsync(CancellationToken cancellationToken);
}
