using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Server.Filters;

/// <summary>
/// Compiles the filters of one kind. A singleton: it holds the state that survives updates, keyed by
/// <see cref="InboundFilterScope"/> or by what the configuration names.
/// </summary>
internal interface IInboundFilterFactory
{
    /// <summary>Whether the configuration is of this kind.</summary>
    /// <param name="config">What the decoder has accepted.</param>
    /// <param name="scope">Where the filter stands.</param>
    /// <param name="filter">Null when there is nothing to do, for example because the filter is disabled.</param>
    bool TryCreate(HttpFilterConfig config, InboundFilterScope scope, out IInboundFilter? filter);
}
