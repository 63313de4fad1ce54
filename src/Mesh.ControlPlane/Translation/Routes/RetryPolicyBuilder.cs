using System.Globalization;
using Envoy.Config.Route.V3;
using Envoy.Extensions.Retry.Host.PreviousHosts.V3;
using Envoy.Extensions.Retry.Priority.PreviousPriorities.V3;
using Google.Protobuf.WellKnownTypes;
using ProxylessMesh.ControlPlane.Resources;

namespace ProxylessMesh.ControlPlane.Translation.Routes;

/// <summary>Retries: Istio's mesh default, or a route's own on top of it.</summary>
internal static class RetryPolicyBuilder
{
    private const uint DefaultAttempts = 2;
    private const int HostReselections = 5;
    private const int AttemptsPerPriority = 2;
    private const string StatusCodes = "retriable-status-codes";

    // Without 503: an application's own 503 is not repeated unless asked for (MeshConfig.defaultHttpRetryPolicy).
    private static readonly string[] DefaultConditions = ["connect-failure", "refused-stream", "unavailable", "cancelled", StatusCodes];

    // gRFC A44: every other condition is ignored by gRPC.
    private static readonly HashSet<string> GrpcConditions =
        new(["cancelled", "deadline-exceeded", "internal", "resource-exhausted", "unavailable"], StringComparer.Ordinal);

    /// <summary>Null: no retries.</summary>
    /// <param name="profile">Of the client.</param>
    /// <param name="retries">Null: the mesh default.</param>
    public static RetryPolicy? Build(ProxyProfile profile, HttpRetry? retries)
    {
        if (retries is { Attempts: <= 0 })
        {
            return null;
        }

        var conditions = retries is { RetryOn.Count: > 0 } ? retries.RetryOn.Select(c => c.Trim()).Where(c => c.Length > 0).ToList() : [.. DefaultConditions];
        var policy = new RetryPolicy { NumRetries = retries is null ? DefaultAttempts : (uint)retries.Attempts };
        if (retries?.Backoff is { } backoff && backoff > TimeSpan.Zero)
        {
            policy.RetryBackOff = new RetryPolicy.Types.RetryBackOff { BaseInterval = backoff.ToDuration() };
        }

        return profile == ProxyProfile.Grpc ? ForGrpc(policy, conditions) : ForMesh(policy, conditions, retries);
    }

    private static RetryPolicy? ForGrpc(RetryPolicy policy, List<string> conditions)
    {
        policy.RetryOn = string.Join(',', conditions.Where(GrpcConditions.Contains));
        return policy.RetryOn.Length == 0 ? null : policy;
    }

    private static RetryPolicy ForMesh(RetryPolicy policy, List<string> conditions, HttpRetry? retries)
    {
        var codes = conditions.Where(IsStatusCode).ToList();
        var names = conditions.Except(codes, StringComparer.Ordinal).ToList();
        if (codes.Count > 0 && !names.Contains(StatusCodes))
        {
            names.Add(StatusCodes);
        }

        policy.RetryOn = string.Join(',', names);
        policy.RetriableStatusCodes.AddRange(codes.Select(c => uint.Parse(c, CultureInfo.InvariantCulture)).Distinct().Order());
        policy.PerTryTimeout = retries?.PerTryTimeout is { } perTry && perTry > TimeSpan.Zero ? perTry.ToDuration() : null;
        if (retries?.RemoteLocalities == true)
        {
            policy.RetryPriority = new RetryPolicy.Types.RetryPriority
            {
                Name = "envoy.retry_priorities.previous_priorities",
                TypedConfig = Any.Pack(new PreviousPrioritiesConfig { UpdateFrequency = AttemptsPerPriority }),
            };
        }

        if (retries?.IgnorePreviousHosts != false)
        {
            policy.HostSelectionRetryMaxAttempts = HostReselections;
            policy.RetryHostPredicate.Add(new RetryPolicy.Types.RetryHostPredicate
            {
                Name = "envoy.retry_host_predicates.previous_hosts",
                TypedConfig = Any.Pack(new PreviousHostsPredicate()),
            });
        }

        return policy;
    }

    private static bool IsStatusCode(string condition) =>
        uint.TryParse(condition, NumberStyles.None, CultureInfo.InvariantCulture, out _);
}
