using System.Globalization;
using System.Text;
using ProxylessMesh.ControlPlane.Model;
using ProxylessMesh.ControlPlane.Resources;
using ProxylessMesh.ControlPlane.Sources;
using ProxylessMesh.ControlPlane.Sources.Files;
using ProxylessMesh.Xds.Identity;

namespace ProxylessMesh.ControlPlane.Chaos;

/// <summary>
/// How experiments reach the control plane: a file of their own in its folder. No object of the user is touched, and what is left
/// behind by a killed process ends by the time that stands in it.
/// </summary>
internal sealed class ChaosFolder(string folder, MeshSettings settings, TimeProvider time)
{
    /// <summary>Marks what this command wrote, and so may remove.</summary>
    private const string WrittenBy = "proxylessmesh.io/written-by";

    private const string Us = "mesh-chaos";

    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    public ConfigSnapshot Read() => ConfigLoader.Load(folder, settings, time);

    /// <summary>Removes files of predecessors whose time is over.</summary>
    public void RemoveEnded()
    {
        var now = time.GetUtcNow();
        foreach (var file in Read().Objects.GroupBy(o => o.Meta.Position.File, StringComparer.Ordinal))
        {
            if (file.All(o => o is ChaosExperiment e && e.Expires <= now && e.Meta.Annotations.Find(WrittenBy) == Us))
            {
                Remove(Path.Combine(folder, file.Key));
            }
        }
    }

    /// <summary>The file that was written.</summary>
    public string Write(IReadOnlyList<ChaosPick> picks, DateTimeOffset starts, DateTimeOffset expires)
    {
        var stamp = starts.ToString("yyyyMMdd-HHmmssfff", CultureInfo.InvariantCulture);
        var path = Path.Combine(folder, $"{Us}-{stamp}.yaml");
        var text = new StringBuilder("# Written by mesh chaos, which removes it again. The control plane ignores it when its time is over.\n");
        for (var i = 0; i < picks.Count; i++)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $$"""
                ---
                apiVersion: proxylessmesh.io/v1alpha1
                kind: ChaosExperiment
                metadata:
                  name: {{Us}}-{{stamp}}-{{i}}
                  namespace: "{{picks[i].Target.Namespace}}"
                  annotations: { {{WrittenBy}}: {{Us}} }
                spec:
                  hosts: [ "{{picks[i].Target.Host}}" ]
                  fault: {{FaultText.ToYaml(picks[i].Fault)}}
                  starts: "{{Text(starts)}}"
                  expires: "{{Text(expires)}}"

                """);
        }

        AtomicFile.WritePublic(path, text.ToString());
        return path;
    }

    public static void Remove(string path) => File.Delete(path);

    private static string Text(DateTimeOffset at) => at.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
