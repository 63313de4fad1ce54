using System.Runtime.InteropServices;

namespace Bookinfo.Launcher;

/// <summary>The command <c>dotnet</c> that runs this process, whether it was started through it or through its own executable.</summary>
internal static class DotnetHost
{
    /// <summary>The runtime lies in shared/Microsoft.NETCore.App/VERSION beside the host.</summary>
    public static string Path { get; } = System.IO.Path.GetFullPath(System.IO.Path.Combine(
        RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet"));

    /// <summary>An assembly of this sample's output.</summary>
    public static string Assembly(string name) => System.IO.Path.Combine(AppContext.BaseDirectory, name);
}
