using ProxylessMesh.FunctionalTests.Fixture;

namespace ProxylessMesh.FunctionalTests.MutualTls;

/// <summary>What <c>mesh certs export</c> writes for a foreign workload.</summary>
internal sealed class ExportedFiles
{
    private readonly string _directory;

    private ExportedFiles(string directory) => _directory = directory;

    public string Key => Path.Combine(_directory, "key.pem");

    public string Chain => Path.Combine(_directory, "cert-chain.pem");

    public string Roots => Path.Combine(_directory, "root-cert.pem");

    /// <param name="mesh">Whose authority signs.</param>
    /// <param name="account">As namespace/name.</param>
    /// <param name="more">Further options.</param>
    public static async Task<ExportedFiles> CreateAsync(MeshEnvironment mesh, string account, params string[] more)
    {
        var directory = mesh.PathOf($"exported-{account.Replace('/', '-')}-{FreePort.Next()}");
        var (exit, _, error) = await MeshProcess.RunAsync(["certs", "export", "--service-account", account, "--data", mesh.DataDirectory, "--out", directory, .. more]);
        Assert.True(exit == 0, error);
        return new ExportedFiles(directory);
    }
}
