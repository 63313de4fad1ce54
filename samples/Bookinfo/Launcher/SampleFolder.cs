namespace Bookinfo.Launcher;

/// <summary>Finds the folder that a user edits: the one beside the project's source, not a copy in the build's output.</summary>
internal static class SampleFolder
{
    public static string FindMesh()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Bookinfo.csproj")))
            {
                return Path.Combine(folder.FullName, "mesh");
            }
        }

        throw new LaunchException($"No Bookinfo.csproj lies above {AppContext.BaseDirectory}; run the sample from its source tree.");
    }
}
