using System.Diagnostics;
using System.Net.Http.Headers;

namespace ProxylessMesh.Client.Propagation;

/// <summary>
/// Writes onto an outgoing request what the request being served carries on, and the trace context of the current activity.
/// What the app set itself is never overwritten.
/// </summary>
internal static class HeaderPropagator
{
    public static void Apply(HttpRequestMessage request)
    {
        // Asking a request for its headers makes them: not before there is something to write.
        if (Activity.Current is { } activity)
        {
            DistributedContextPropagator.Current.Inject(activity, request.Headers, static (carrier, name, value) => AddIfAbsent((HttpRequestHeaders)carrier!, name, value));
        }

        if (PropagatedHeaders.Current is { } carried)
        {
            foreach (var (name, value) in carried)
            {
                AddIfAbsent(request.Headers, name, value);
            }
        }
    }

    private static void AddIfAbsent(HttpRequestHeaders headers, string name, string value)
    {
        if (!headers.NonValidated.Contains(name))
        {
            headers.TryAddWithoutValidation(name, value);
        }
    }
}
