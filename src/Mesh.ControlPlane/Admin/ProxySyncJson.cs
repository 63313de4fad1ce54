using System.Text.Json.Serialization;

namespace ProxylessMesh.ControlPlane.Admin;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true, WriteIndented = true)]
[JsonSerializable(typeof(ProxySync[]))]
internal sealed partial class ProxySyncJson : JsonSerializerContext;
