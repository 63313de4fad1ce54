using System.Text.Json;
using System.Text.Json.Serialization;

namespace ProxylessMesh.ControlPlane.Sources.Files.LastGood;

/// <summary>The texts of one file that hold its objects in use: the newest one, and older ones as long as something of them stands in.</summary>
/// <param name="Path">Relative to the folder.</param>
/// <param name="Versions">Newest first.</param>
internal sealed record KeptFile(string Path, KeptVersion[] Versions)
{
    private byte[]? _encoded;

    /// <summary>As it is written down, each time that another file changes.</summary>
    [JsonIgnore]
    public byte[] Encoded => _encoded ??= JsonSerializer.SerializeToUtf8Bytes(this, KeptFolderJson.Default.KeptFile);
}
