namespace ProxylessMesh.Benchmarks.Scale;

/// <summary>Folders, a control plane and a swarm.</summary>
internal sealed class ScaleFixture : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("mesh-scale-").FullName;

    public ScaleFixture(int services, int entries)
    {
        Config = new ScaledConfig(Path.Combine(_directory, "config"));
        Config.Write(services, entries);
        Server = Start(0);
    }

    public ScaledConfig Config { get; }

    public ServerProcess Server { get; private set; }

    public SwarmHandle Swarm { get; } = new();

    /// <summary>Kills the control plane and starts another one in its place.</summary>
    public void Restart()
    {
        var port = Server.Xds.Port;
        Server.Kill();
        Server.Dispose();
        Server = Start(port);
    }

    public void Dispose()
    {
        Swarm.Dispose();
        Server.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    private ServerProcess Start(int port) => ServerProcess.Start(Path.Combine(_directory, "config"), Path.Combine(_directory, "data"), port);
}
