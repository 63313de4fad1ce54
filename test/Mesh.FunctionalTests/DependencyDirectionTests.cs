using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace ProxylessMesh.FunctionalTests;

/// <summary>Holds the one picture of docs/architecture.md: who may reference whom, and who may know what.</summary>
public sealed partial class DependencyDirectionTests
{
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Mesh.Xds"] = [],
        ["Mesh.Client"] = ["Mesh.Xds"],
        ["Mesh.Server"] = ["Mesh.Client", "Mesh.Xds"],
        ["Mesh.Sidecar"] = ["Mesh.Server", "Mesh.Client", "Mesh.Xds"],
        ["Mesh.ControlPlane"] = ["Mesh.Xds"],
    };

    private static readonly string[] GeneratedNamespaces = ["Envoy", "Xds", "Istio", "Google.Rpc", "Google.Protobuf"];

    [Fact]
    public void EveryProjectReferencesOnlyThoseBelowIt()
    {
        var projects = Directory.GetFiles(Path.Combine(Root(), "src"), "*.csproj", SearchOption.AllDirectories);

        Assert.NotEmpty(projects);
        foreach (var project in projects)
        {
            var name = Path.GetFileNameWithoutExtension(project);
            var referenced = XDocument.Load(project).Descendants("ProjectReference")
                .Select(r => Path.GetFileNameWithoutExtension(r.Attribute("Include")!.Value.Replace('\\', '/')));
            Assert.Empty(referenced.Except(Allowed[name]).Select(r => $"{name} -> {r}"));
        }
    }

    [Theory]
    [InlineData("Mesh.Xds", "Microsoft.AspNetCore")]
    [InlineData("Mesh.Xds", "YamlDotNet")]
    [InlineData("Mesh.Xds", "Mesh.Client")]
    [InlineData("Mesh.Client", "Microsoft.AspNetCore")]
    [InlineData("Mesh.Client", "Mesh.Server")]
    [InlineData("mesh", "Mesh.Client")]
    [InlineData("mesh", "Mesh.Server")]
    [InlineData("Mesh.Server", "mesh-sidecar")]
    [InlineData("mesh-sidecar", "mesh")]
    [InlineData("mesh-sidecar", "YamlDotNet")]
    public void AssembliesDoNotKnow(string assembly, string forbidden)
    {
        using var file = Open(assembly);
        var reader = file.GetMetadataReader();

        var references = reader.AssemblyReferences.Select(h => reader.GetString(reader.GetAssemblyReference(h).Name));

        Assert.DoesNotContain(references, r => r.StartsWith(forbidden, StringComparison.Ordinal));
    }

    /// <summary>One descriptor loads the messages of its file and of all that it imports, and accessors for their fields: megabytes of every app.</summary>
    [Theory]
    [InlineData("Mesh.Xds")]
    [InlineData("Mesh.Client")]
    [InlineData("Mesh.Server")]
    [InlineData("Mesh.Sidecar")]
    public void NothingInAnAppAsksAMessageForItsDescriptor(string project)
    {
        var sources = Directory.GetFiles(Path.Combine(Root(), "src", project), "*.cs", SearchOption.AllDirectories)
            .Where(f => !f.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal));

        Assert.DoesNotContain(sources, f => DescriptorUse().IsMatch(File.ReadAllText(f)));
    }

    [Theory]
    [InlineData("Mesh.Client")]
    [InlineData("Mesh.Server")]
    [InlineData("mesh-sidecar")]
    public void NothingAboveTheDecodersSeesAGeneratedMessage(string assembly)
    {
        using var file = Open(assembly);
        var reader = file.GetMetadataReader();

        var types = reader.TypeReferences.Select(reader.GetTypeReference)
            .Select(t => $"{reader.GetString(t.Namespace)}.{reader.GetString(t.Name)}");

        Assert.DoesNotContain(types, t => GeneratedNamespaces.Any(n => t.StartsWith(n + ".", StringComparison.Ordinal)));
    }

    private static PEReader Open(string assembly) => new(File.OpenRead(Path.Combine(AppContext.BaseDirectory, $"{assembly}.dll")));

    private static string Root()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory!.FullName, "ProxylessMesh.sln")))
        {
            directory = directory.Parent;
        }

        return directory.FullName;
    }

    [GeneratedRegex(@"\b[A-Z]\w*\.Descriptor\b(?!"")|\bAny\.Pack\(|\.(Try)?Unpack<")]
    private static partial Regex DescriptorUse();
}
