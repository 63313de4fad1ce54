using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Server.Filters;

/// <summary>The compiled HTTP filters of a filter chain, in the order in which they run. Two of equal configuration are equal.</summary>
internal sealed class InboundFilterChain(HttpConnectionConfig? config, IInboundFilter[] filters) : IEquatable<InboundFilterChain>
{
    /// <summary>Lets everything through.</summary>
    public static InboundFilterChain Empty { get; } = new(null, []);

    private readonly HttpConnectionConfig? _config = config;

    public bool IsEmpty => filters.Length == 0;

    /// <summary>Null: every filter lets the request through.</summary>
    public ValueTask<InboundReply?> RunAsync(InboundRequest request)
    {
        for (var i = 0; i < filters.Length; i++)
        {
            var applied = filters[i].ApplyAsync(request);
            if (!applied.IsCompletedSuccessfully)
            {
                return GoOnAsync(applied, i + 1, request);
            }

            if (applied.Result is { } reply)
            {
                return new ValueTask<InboundReply?>(reply);
            }
        }

        return default;
    }

    public bool Equals(InboundFilterChain? other) => other is not null && _config == other._config;

    public override bool Equals(object? obj) => Equals(obj as InboundFilterChain);

    public override int GetHashCode() => _config?.GetHashCode() ?? 0;

    private async ValueTask<InboundReply?> GoOnAsync(ValueTask<InboundReply?> pending, int next, InboundRequest request)
    {
        var reply = await pending.ConfigureAwait(false);
        while (reply is null && next < filters.Length)
        {
            reply = await filters[next++].ApplyAsync(request).ConfigureAwait(false);
        }

        return reply;
    }
}
