using ProxylessMesh.ControlPlane.Model;
using ProxylessMesh.ControlPlane.Validation;

namespace ProxylessMesh.ControlPlane.Sources.Files;

/// <summary>Reads a folder once, for commands.</summary>
internal static class ConfigLoader
{
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    public static ConfigSnapshot Load(string root, MeshSettings settings, TimeProvider time)
    {
        if (!Directory.Exists(root))
        {
            throw new DirectoryNotFoundException($"The configuration folder {root} does not exist.");
        }

        var folder = new ConfigFolder(root, FileSourceOptions.Default, time);
        return AcceptedConfig.Empty.Next(folder.Scan(), folder.Problems, settings).Snapshot;
    }
}
