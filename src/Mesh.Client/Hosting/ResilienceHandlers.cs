using System.Collections.Concurrent;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Logging;

namespace ProxylessMesh.Client.Hosting;

/// <summary>
/// Finds handlers of other libraries that retry above the mesh: three tries of theirs, each tried three times here, are nine. They are
/// known by name, because the mesh refers to none of these packages.
/// </summary>
internal sealed partial class ResilienceHandlers(ILogger<ResilienceHandlers> logger)
{
    private const int MaxNames = 1_000;

    /// <summary>AddStandardResilienceHandler and AddResilienceHandler; AddPolicyHandler; and Polly's own.</summary>
    private static readonly string[] Known =
        ["Microsoft.Extensions.Http.Resilience.", "Microsoft.Extensions.Http.PolicyHttpMessageHandler", "Polly."];

    private readonly ConcurrentDictionary<string, bool> _said = new(StringComparer.Ordinal);

    /// <summary>Warns once for each name of a client: the factory makes handlers anew every few minutes.</summary>
    public void Check(HttpMessageHandlerBuilder builder)
    {
        var name = builder.Name ?? "";
        foreach (var handler in builder.AdditionalHandlers)
        {
            var type = handler.GetType().FullName ?? "";
            if (Array.Exists(Known, k => type.StartsWith(k, StringComparison.Ordinal)) && _said.Count < MaxNames && _said.TryAdd(name, true))
            {
                Log.RetriesTwice(logger, name, type);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(2650, LogLevel.Warning, "Client {Client} has a resilience handler ({Type}) above the mesh, which retries too: attempts multiply. Keep one of them: remove the handler, or set the route's retries.attempts to 0, or call WithoutMesh() on the client.")]
        public static partial void RetriesTwice(ILogger logger, string client, string type);
    }
}
