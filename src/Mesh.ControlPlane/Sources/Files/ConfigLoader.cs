using System.Collections.Immutable;
using ProxylessMesh.ControlPlane.Model;
using ProxylessMesh.ControlPlane.Resources;
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

    /// <summary>The objects that count now: without chaos experiments whose time has not come or is over.</summary>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    public static ImmutableArray<MeshObject> LoadActive(string root, MeshSettings settings, TimeProvider time)
    {
        var now = time.GetUtcNow();
        return [.. Load(root, settings, time).Objects.Where(o => o is not ChaosExperiment experiment || experiment.IsActiveAt(now))];
    }
}
