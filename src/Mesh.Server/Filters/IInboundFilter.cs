namespace ProxylessMesh.Server.Filters;

/// <summary>
/// One compiled HTTP filter of an inbound chain. Shared by all requests of the chain; what must outlive an update of the
/// configuration belongs to its <see cref="IInboundFilterFactory"/>.
/// </summary>
internal interface IInboundFilter
{
    /// <summary>Null: the request goes on. A reply ends it. Must not throw for anything that a client sends.</summary>
    ValueTask<InboundReply?> ApplyAsync(InboundRequest request);
}
