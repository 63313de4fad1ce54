using System.Globalization;
using System.Net.Http.Headers;

namespace ProxylessMesh.Client.Telemetry;

/// <summary>The label grpc_response_status. A peer may send any number: only those that gRPC knows make label values.</summary>
internal static class GrpcStatus
{
    public const int None = -1;
    private const string Header = "grpc-status";
    private const int Last = 16;

    private static readonly string[] s_texts = [.. Enumerable.Range(0, Last + 1).Select(n => n.ToString(CultureInfo.InvariantCulture))];

    /// <summary>Of the trailers or, where the response is nothing else, of the headers.</summary>
    public static int Of(HttpResponseMessage response)
    {
        var status = In(response.TrailingHeaders);
        return status == None ? In(response.Headers) : status;
    }

    /// <summary>Empty where a call is not gRPC, <c>unknown</c> where it is and no status came.</summary>
    public static string Text(CallResult result) => result switch
    {
        { IsGrpc: false } => "",
        { GrpcStatus: >= 0 and <= Last } => s_texts[result.GrpcStatus],
        _ => "unknown",
    };

    private static int In(HttpResponseHeaders headers) =>
        headers.NonValidated.TryGetValues(Header, out var values)
        && int.TryParse(values.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var status)
        && status <= Last
            ? status
            : None;
}
