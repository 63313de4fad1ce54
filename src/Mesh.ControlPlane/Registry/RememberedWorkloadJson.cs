using System.Text.Json.Serialization;

namespace ProxylessMesh.ControlPlane.Registry;

/// <summary>A file that lacks a part, or holds null for one, is damaged.</summary>
[JsonSourceGenerationOptions(RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(RememberedWorkload[]))]
[JsonSerializable(typeof(IEnumerable<RememberedWorkload>))]
internal sealed partial class RememberedWorkloadJson : JsonSerializerContext;
