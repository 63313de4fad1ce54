namespace ProxylessMesh.Testing;

/// <summary>A directory of its own, deleted with all it holds.</summary>
public sealed class TemporaryDirectory : IDisposable
{
    /// <summary>Full.</summary>
    public string Path { get; } = Directory.CreateTempSubdirectory("mesh-test-").FullName;

    /// <summary>The path of a file in it.</summary>
    public string File(string name) => System.IO.Path.Combine(Path, name);

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(Path, recursive: true);
}
