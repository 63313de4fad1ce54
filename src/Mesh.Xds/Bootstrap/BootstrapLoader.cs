namespace ProxylessMesh.Xds.Bootstrap;

/// <summary>Finds the bootstrap the way the gRPC libraries do.</summary>
internal static class BootstrapLoader
{
    /// <summary>Path of a file; wins.</summary>
    public const string FileVariable = "GRPC_XDS_BOOTSTRAP";

    /// <summary>The JSON itself.</summary>
    public const string ContentVariable = "GRPC_XDS_BOOTSTRAP_CONFIG";

    // Real ones have a few kB.
    private const int LargestFile = 4 * 1024 * 1024;

    /// <summary>The bootstrap that the environment names, or null when it names none.</summary>
    /// <param name="environment">Looks a variable up.</param>
    /// <exception cref="BootstrapException">There is one, and it cannot be read or is wrong.</exception>
    public static XdsBootstrap? Load(Func<string, string?> environment)
    {
        var (source, json) = environment(FileVariable) is { Length: > 0 } path
            ? ($"{path} (from {FileVariable})", Read(path))
            : (ContentVariable, environment(ContentVariable) is { Length: > 0 } text ? System.Text.Encoding.UTF8.GetBytes(text) : null);
        if (json is null)
        {
            return null;
        }

        return BootstrapReader.Read(source, json);
    }

    private static byte[] Read(string path)
    {
        try
        {
            var length = new FileInfo(path).Length;
            return length <= LargestFile
                ? File.ReadAllBytes(path)
                : throw new BootstrapException($"{path} (from {FileVariable}) has {length} bytes; a bootstrap has at most {LargestFile}.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new BootstrapException($"{path} (from {FileVariable}) cannot be read: {e.Message}", e);
        }
    }
}
