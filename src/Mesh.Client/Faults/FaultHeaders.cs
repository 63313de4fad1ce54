using System.Globalization;

namespace ProxylessMesh.Client.Faults;

/// <summary>Faults that the caller asks for (gRFC A33; Envoy, "Controlling fault injection via HTTP headers"). What cannot be read is ignored.</summary>
internal static class FaultHeaders
{
    public const string Delay = "x-envoy-fault-delay-request";
    public const string DelayShare = "x-envoy-fault-delay-request-percentage";
    public const string AbortHttp = "x-envoy-fault-abort-request";
    public const string AbortGrpc = "x-envoy-fault-abort-grpc-request";
    public const string AbortShare = "x-envoy-fault-abort-request-percentage";
    public const string Node = "x-envoy-downstream-service-node";

    /// <summary>The last of the header's values as a number within the range, or null.</summary>
    public static int? Number(HttpRequestMessage request, string name, int min, int max)
    {
        if (!request.Headers.NonValidated.TryGetValues(name, out var values))
        {
            return null;
        }

        ReadOnlySpan<char> last = default;
        foreach (var value in values)
        {
            last = value;
        }

        // A proxy may have joined several.
        last = last[(last.LastIndexOf(',') + 1)..].Trim();
        return int.TryParse(last, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max ? number : null;
    }
}
