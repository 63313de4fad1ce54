using System.Net;
using ProxylessMesh.Client.CircuitBreaking;
using ProxylessMesh.Client.OutlierDetection;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Client.Retries;

/// <summary>Whether a policy asks for another attempt (Envoy router filter, x-envoy-retry-on; gRFC A44).</summary>
internal static class RetryDecision
{
    private const string GrpcStatusHeader = "grpc-status";

    private const string RateLimitedHeader = "x-envoy-ratelimited";

    private const RetryConditions GrpcConditions = RetryConditions.GrpcCancelled | RetryConditions.GrpcDeadlineExceeded
        | RetryConditions.GrpcInternal | RetryConditions.GrpcResourceExhausted | RetryConditions.GrpcUnavailable;

    public static bool ForFailure(RetryPolicyConfig policy, AttemptOutcome outcome)
    {
        // Envoy's 5xx and gateway-error speak of any attempt without a response, too.
        var asked = outcome switch
        {
            AttemptOutcome.ConnectFailure => RetryConditions.ConnectFailure | RetryConditions.ResetBeforeRequest,
            AttemptOutcome.RefusedStream => RetryConditions.RefusedStream | RetryConditions.ResetBeforeRequest,
            _ => RetryConditions.Reset,
        };
        return (policy.Conditions & (asked | RetryConditions.ServerError | RetryConditions.GatewayError | RetryConditions.Reset)) != 0;
    }

    public static bool ForResponse(RetryPolicyConfig policy, RetryHeaders? headers, HttpResponseMessage response)
    {
        // Nearly all responses are good ones: of those no header is looked at that nobody asked for.
        var status = (int)response.StatusCode;
        var limited = status >= 400 && response.Headers.NonValidated.Contains(RateLimitedHeader);
        return IsWanted(policy, headers, response, status, limited) && !OverloadedHeader.IsOn(response);
    }

    private static bool IsWanted(RetryPolicyConfig policy, RetryHeaders? headers, HttpResponseMessage response, int status, bool limited)
    {
        var conditions = policy.Conditions;
        if (limited)
        {
            // Envoy: a rate limiter's answer is retried only where that is asked for.
            return Has(conditions, RetryConditions.EnvoyRateLimited);
        }

        if (headers is not null && Has(conditions, RetryConditions.RetriableHeaders) && headers.Match(response))
        {
            return true;
        }

        if (status >= 500 && Has(conditions, RetryConditions.ServerError))
        {
            return true;
        }

        if (response.StatusCode is HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout
            && Has(conditions, RetryConditions.GatewayError))
        {
            return true;
        }

        if (status == (int)HttpStatusCode.Conflict && Has(conditions, RetryConditions.Retriable4xx))
        {
            return true;
        }

        return (Has(conditions, RetryConditions.RetriableStatusCodes) && policy.StatusCodes.AsSpan().Contains(status))
            || ((conditions & GrpcConditions) != 0 && GrpcVerdict.IsGrpc(response) && ForGrpcStatus(conditions, response));
    }

    /// <summary>Only a trailers-only response tells its status in the headers; later it is too late to retry.</summary>
    private static bool ForGrpcStatus(RetryConditions conditions, HttpResponseMessage response) =>
        response.Headers.NonValidated.TryGetValues(GrpcStatusHeader, out var status)
        && status.ToString() switch
        {
            "1" => Has(conditions, RetryConditions.GrpcCancelled),
            "4" => Has(conditions, RetryConditions.GrpcDeadlineExceeded),
            "8" => Has(conditions, RetryConditions.GrpcResourceExhausted),
            "13" => Has(conditions, RetryConditions.GrpcInternal),
            "14" => Has(conditions, RetryConditions.GrpcUnavailable),
            _ => false,
        };

    private static bool Has(RetryConditions conditions, RetryConditions one) => (conditions & one) != 0;
}
