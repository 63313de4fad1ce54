using System.Globalization;
using ProxylessMesh.ControlPlane.Validation;
using ProxylessMesh.ControlPlane.Yaml;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.ControlPlane.Resources.Readers;

/// <summary>spec.http[].retries.</summary>
internal static class HttpRetryReader
{
    /// <summary>Envoy's x-envoy-retry-on and x-envoy-retry-grpc-on; HTTP status codes stand in the same list.</summary>
    private static readonly string[] Conditions =
    [
        "5xx", "gateway-error", "reset", "reset-before-request", "connect-failure", "envoy-ratelimited", "retriable-4xx", "refused-stream",
        "retriable-status-codes", "retriable-headers", "http3-post-connect-failure", "cancelled", "deadline-exceeded", "internal",
        "resource-exhausted", "unavailable",
    ];

    public static HttpRetry Read(YamlObject item)
    {
        var attempts = item.Int("attempts", min: 0);
        var perTryTimeout = item.Duration("perTryTimeout");
        var retryOn = RetryOn(item);
        var backoff = item.Duration("backoff");
        var ignorePreviousHosts = item.Bool("retryIgnorePreviousHosts") ?? true;
        var remoteLocalities = item.Bool("retryRemoteLocalities") ?? false;
        if ((attempts == 0 || !item.Has("attempts")) && (perTryTimeout is not null || retryOn.Count > 0))
        {
            item.Problems.Error(
                item.Position, ProblemCodes.Conflict, $"{item.Path}: attempts is 0, which turns retries off, yet other retry settings are given", "set attempts, or leave the other settings out");
        }

        item.Close(KnownFields.None);
        return new HttpRetry(attempts ?? 0, perTryTimeout, retryOn, ignorePreviousHosts, backoff, item.Position) { RemoteLocalities = remoteLocalities };
    }

    private static EquatableArray<string> RetryOn(YamlObject item)
    {
        var conditions = (item.String("retryOn") ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        foreach (var condition in conditions)
        {
            if (Conditions.Contains(condition)
                || (int.TryParse(condition, NumberStyles.None, CultureInfo.InvariantCulture, out var status) && status is >= 100 and <= 599))
            {
                continue;
            }

            var nearest = Suggestion.Nearest(condition, Conditions);
            item.Problems.Error(
                item.PositionOf("retryOn"), ProblemCodes.InvalidValue, $"{item.PathOf("retryOn")}: {Quoted.Of(condition)} is neither a retry condition nor an HTTP status", nearest is null ? null : $"did you mean {nearest}?");
        }

        return conditions.ToEquatableArray();
    }
}
