using ProxylessMesh.Client.Runtime;

namespace ProxylessMesh.FunctionalTests.Fixture;

/// <summary>
/// Runs after every functional test: when its calls are over nothing may be held for them, and when the mesh has gone, no
/// connection either. A test that fails leaks as well, for it never gets to its disposals: then its own error is the one to read.
/// </summary>
internal static class LeakCheck
{
    /// <exception cref="TimeoutException">Something stays held.</exception>
    public static Task NothingIsHeldAsync(MeshRuntime mesh, string name) => Poll.UntilAsync(
        () => Task.FromResult(mesh.Held == default), () => $"{name} still holds {mesh.Held}");

    /// <summary>After the mesh was disposed of.</summary>
    /// <exception cref="TimeoutException">Something stays open.</exception>
    public static Task NothingIsOpenAsync(MeshRuntime mesh, string name) => Poll.UntilAsync(
        () => Task.FromResult(mesh.OpenConnections == 0), () => $"{name} still has {mesh.OpenConnections} connections open");
}
