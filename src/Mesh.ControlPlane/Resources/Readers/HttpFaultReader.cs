using ProxylessMesh.ControlPlane.Validation;
using ProxylessMesh.ControlPlane.Yaml;

namespace ProxylessMesh.ControlPlane.Resources.Readers;

/// <summary>spec.http[].fault. A missing percentage means 0, hence never, as in Istio.</summary>
internal static class HttpFaultReader
{
    private const int PerMillionOfOnePercent = 10_000;

    private static readonly KnownFields KnownOfDelay = new(["exponentialDelay"], [], []);

    private static readonly KnownFields KnownOfAbort = new(["http2Error"], [], []);

    /// <summary>By number (grpc/status.proto).</summary>
    private static readonly string[] GrpcStatuses =
    [
        "OK", "CANCELLED", "UNKNOWN", "INVALID_ARGUMENT", "DEADLINE_EXCEEDED", "NOT_FOUND", "ALREADY_EXISTS", "PERMISSION_DENIED", "RESOURCE_EXHAUSTED",
        "FAILED_PRECONDITION", "ABORTED", "OUT_OF_RANGE", "UNIMPLEMENTED", "INTERNAL", "UNAVAILABLE", "DATA_LOSS", "UNAUTHENTICATED",
    ];

    /// <summary>The number of a status by its name; null: there is none.</summary>
    public static int? FindGrpcStatus(string name) => Array.IndexOf(GrpcStatuses, name) is >= 0 and var number ? number : null;

    public static string NameOfGrpcStatus(int number) => GrpcStatuses[number];

    public static HttpFault Read(YamlObject item)
    {
        if (!item.Has("delay") && !item.Has("abort"))
        {
            item.Problems.Error(item.Position, ProblemCodes.Missing, $"{item.Path} must have a delay, an abort or both");
        }

        var fault = new HttpFault(
            item.Object("delay") is { } delay ? Delay(delay) : null,
            item.Object("abort") is { } abort ? Abort(abort) : null);
        ReportMisplaced(item, "delay", "fixedDelay");
        ReportMisplaced(item, "abort", "httpStatus");
        ReportMisplaced(item, "abort", "grpcStatus");
        item.Close(KnownFields.None);
        return fault;
    }

    /// <summary>A common slip of indentation: the field stands beside the object that it belongs to.</summary>
    private static void ReportMisplaced(YamlObject item, string owner, string field)
    {
        if (item.Has(field))
        {
            item.Read(field);
            item.Problems.Error(
                item.PositionOf(field), ProblemCodes.UnknownField, $"{item.PathOf(field)} is an unknown field", $"it belongs to {item.PathOf(owner)}: indent it");
        }
    }

    private static FaultDelay? Delay(YamlObject item)
    {
        if (!item.Has("exponentialDelay"))
        {
            item.ReportIfMissing("fixedDelay");
        }

        var duration = item.Duration("fixedDelay");
        var percent = item.Int("percent", 0, 100);
        var share = PercentageReader.PerMillion(item, "percentage") ?? (percent ?? 0) * PerMillionOfOnePercent;
        WarnIfNever(item);
        item.Close(KnownOfDelay);
        return duration is { } wait ? new FaultDelay(wait, share) : null;
    }

    private static FaultAbort? Abort(YamlObject item)
    {
        var http = item.Int("httpStatus", 200, 599);
        var grpc = GrpcStatus(item);
        var share = PercentageReader.PerMillion(item, "percentage") ?? 0;
        WarnIfNever(item);
        if (item.Has("httpStatus") && item.Has("grpcStatus"))
        {
            item.Problems.Error(item.Position, ProblemCodes.Conflict, $"{item.Path}: httpStatus and grpcStatus exclude each other");
        }
        else if (!item.Has("httpStatus") && !item.Has("grpcStatus") && !item.Has("http2Error"))
        {
            item.Problems.Error(item.Position, ProblemCodes.Missing, $"{item.PathOf("httpStatus")} is missing", "give httpStatus or grpcStatus");
        }

        item.Close(KnownOfAbort);
        return http is not null || grpc is not null ? new FaultAbort(http, grpc, share) : null;
    }

    private static int? GrpcStatus(YamlObject item)
    {
        if (item.String("grpcStatus") is not { } name)
        {
            return null;
        }

        if (FindGrpcStatus(name) is { } number)
        {
            return number;
        }

        var nearest = Suggestion.Nearest(name, GrpcStatuses);
        item.Problems.Error(
            item.PositionOf("grpcStatus"), ProblemCodes.InvalidValue, $"{item.PathOf("grpcStatus")}: {Quoted.Of(name)} is no gRPC status", nearest is null ? null : $"did you mean {nearest}?");
        return null;
    }

    private static void WarnIfNever(YamlObject item)
    {
        var isRead = item.Has("fixedDelay") || item.Has("httpStatus") || item.Has("grpcStatus");
        if (isRead && !item.Has("percentage") && !item.Has("percent"))
        {
            item.Problems.Warning(item.Position, ProblemCodes.NotAppliedField, $"{item.Path} has no percentage: it never happens", "add percentage: { value: 100 }");
        }
    }
}
