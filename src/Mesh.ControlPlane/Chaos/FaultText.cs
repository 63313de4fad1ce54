using System.Globalization;
using ProxylessMesh.ControlPlane.Resources;
using ProxylessMesh.ControlPlane.Resources.Readers;

namespace ProxylessMesh.ControlPlane.Chaos;

/// <summary>A fault as people and as configuration files read it.</summary>
internal static class FaultText
{
    public static string Describe(HttpFault fault) => string.Join(", ", new[]
    {
        fault.Delay is { } delay ? string.Create(CultureInfo.InvariantCulture, $"{Percent(delay.PerMillion)} % of requests delayed by {delay.Duration.TotalSeconds:0.###} s") : null,
        fault.Abort is { HttpStatus: { } http } byHttp ? string.Create(CultureInfo.InvariantCulture, $"{Percent(byHttp.PerMillion)} % of requests aborted with HTTP {http}") : null,
        fault.Abort is { GrpcStatus: { } grpc } byGrpc ? $"{Percent(byGrpc.PerMillion)} % of requests aborted with gRPC {HttpFaultReader.NameOfGrpcStatus(grpc)}" : null,
    }.OfType<string>());

    /// <summary>In flow style.</summary>
    public static string ToYaml(HttpFault fault) => "{ " + string.Join(", ", new[]
    {
        fault.Delay is { } delay ? string.Create(CultureInfo.InvariantCulture, $"delay: {{ fixedDelay: {delay.Duration.TotalMilliseconds:0}ms, percentage: {{ value: {Percent(delay.PerMillion)} }} }}") : null,
        fault.Abort is { } abort ? $"abort: {{ {Status(abort)}, percentage: {{ value: {Percent(abort.PerMillion)} }} }}" : null,
    }.OfType<string>()) + " }";

    private static string Status(FaultAbort abort) => abort.HttpStatus is { } http
        ? string.Create(CultureInfo.InvariantCulture, $"httpStatus: {http}")
        : $"grpcStatus: {HttpFaultReader.NameOfGrpcStatus(abort.GrpcStatus!.Value)}";

    private static string Percent(int perMillion) => (perMillion / 10_000m).ToString("0.####", CultureInfo.InvariantCulture);
}
