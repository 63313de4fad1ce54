using System.Text.Json.Serialization;

namespace ProxylessMesh.ControlPlane.LoadReports;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(ClusterLoadView[]))]
internal sealed partial class LoadReportJson : JsonSerializerContext;
