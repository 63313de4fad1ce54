using Envoy.Config.Route.V3;
using Envoy.Extensions.Retry.Host.PreviousHosts.V3;
using Envoy.Extensions.Retry.Priority.PreviousPriorities.V3;

namespace ProxylessMesh.Xds.Resources.Routes;

/// <summary>Which endpoints a RetryPolicy wants retries to go to: previous_hosts and previous_priorities.</summary>
internal static class RetryTargets
{
    private const string PreviousHosts = "envoy.retry_host_predicates.previous_hosts";
    private const int MostSelections = 100;

    /// <summary>What of it we cannot do; null: nothing.</summary>
    public static string? Unsupported(RetryPolicy policy)
    {
        foreach (var predicate in policy.RetryHostPredicate)
        {
            if (predicate.Name != PreviousHosts && !TypedConfig.Is(predicate.TypedConfig, TypeNames.PreviousHosts))
            {
                return $"retry_host_predicate {DecodeContext.Quote(predicate.Name)}";
            }
        }

        return policy switch
        {
            { RetryOptionsPredicates.Count: > 0 } => "retry_options_predicates",
            { RetryPriority: { } priority } when !IsPreviousPriorities(priority) => $"retry_priority {DecodeContext.Quote(priority.Name)}",
            _ => null,
        };
    }

    /// <summary>A pick costs little, but a request must not spin: no more than a hundred.</summary>
    public static int HostSelections(RetryPolicy policy, DecodeContext context)
    {
        if (policy.HostSelectionRetryMaxAttempts < 0)
        {
            context.Error("host_selection_retry_max_attempts", "must not be negative");
        }

        return policy.HostSelectionRetryMaxAttempts == 0 ? 1 : (int)Math.Clamp(policy.HostSelectionRetryMaxAttempts, 1, MostSelections);
    }

    public static int? PriorityUpdateFrequency(RetryPolicy policy, DecodeContext context)
    {
        if (policy.RetryPriority is not { } priority || !IsPreviousPriorities(priority))
        {
            return null;
        }

        using (context.Enter("retry_priority"))
        {
            var config = TypedConfig.Unpack(
                priority.TypedConfig, TypeNames.PreviousPriorities, PreviousPrioritiesConfig.Parser, "typed_config", context);
            if (config is { UpdateFrequency: <= 0 })
            {
                context.Error("typed_config.update_frequency", "must be more than 0");
            }

            return config?.UpdateFrequency;
        }
    }

    private static bool IsPreviousPriorities(RetryPolicy.Types.RetryPriority priority) =>
        TypedConfig.Is(priority.TypedConfig, TypeNames.PreviousPriorities);
}
