using System.Runtime.CompilerServices;

namespace ProxylessMesh.ControlPlane.Tests.Docs;

/// <summary>The pages, where the sources are.</summary>
internal static class DocsFolder
{
    public static string Root { get; } = Find();

    public static string Page(string name) => Path.Combine(Root, "docs", name);

    private static string Find([CallerFilePath] string thisFile = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(thisFile)!, "..", "..", ".."));
}
