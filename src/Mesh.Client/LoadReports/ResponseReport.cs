using System.Net.Http.Headers;
using ProxylessMesh.Xds.LoadReports;

namespace ProxylessMesh.Client.LoadReports;

/// <summary>The report that came with a response: in its trailers as gRPC servers send it, or in its headers as plain HTTP servers do (Envoy reads both).</summary>
internal static class ResponseReport
{
    public static bool TryRead(HttpResponseMessage response, bool withNamed, out LoadReport report) =>
        TryRead(response.TrailingHeaders, withNamed, out report) || TryRead(response.Headers, withNamed, out report);

    private static bool TryRead(HttpResponseHeaders headers, bool withNamed, out LoadReport report)
    {
        report = default;
        return headers.NonValidated.TryGetValues(LoadReportNames.BinaryHeader, out var binary) ? LoadReportHeader.TryReadBinary(binary.ToString(), withNamed, out report)
            : headers.NonValidated.TryGetValues(LoadReportNames.TextHeader, out var text) && LoadReportHeader.TryReadText(text.ToString(), withNamed, out report);
    }
}
