using System.Collections.Frozen;

namespace ProxylessMesh.Client.HeaderChanges;

/// <summary>The headers that HttpClient keeps with the content.</summary>
internal static class ContentHeaderNames
{
    private static readonly FrozenSet<string> Names = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "Allow",
        "Content-Disposition",
        "Content-Encoding",
        "Content-Language",
        "Content-Length",
        "Content-Location",
        "Content-MD5",
        "Content-Range",
        "Content-Type",
        "Expires",
        "Last-Modified");

    public static bool Contains(string name) => Names.Contains(name);
}
