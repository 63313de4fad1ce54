using System.Text.Json.Serialization;

namespace ProxylessMesh.ControlPlane.Sources.Files.LastGood;

/// <summary>A file that lacks a part, or holds null for one, is damaged.</summary>
[JsonSourceGenerationOptions(RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(KeptFolder))]
internal sealed partial class KeptFolderJson : JsonSerializerContext;
