using System.Text;
using ProxylessMesh.ControlPlane.Resources;
using ProxylessMesh.ControlPlane.Sources.Files;
using ProxylessMesh.ControlPlane.Validation;
using ProxylessMesh.ControlPlane.Yaml;

namespace ProxylessMesh.ControlPlane.Tests.Resources;

/// <summary>Text to objects, as the file source does it.</summary>
internal static class Reading
{
    public static ParsedFile File(string yaml, string name = "mesh.yaml", YamlLimits? limits = null) =>
        ConfigFileReader.Parse(name, Encoding.UTF8.GetBytes(yaml), limits ?? YamlLimits.Default);

    /// <summary>The only object of a text without any problem.</summary>
    public static T Good<T>(string yaml)
        where T : MeshObject
    {
        var file = File(yaml);
        Assert.Empty(Problems(yaml));
        return Assert.IsType<T>(Assert.Single(file.Objects).Object);
    }

    /// <summary>Every problem, as commands print it.</summary>
    public static string[] Problems(string yaml)
    {
        var file = File(yaml);
        return [.. file.Problems.Concat(file.Objects.SelectMany(o => o.Problems)).Order(ProblemOrder.Instance).Select(p => p.ToString())];
    }
}
