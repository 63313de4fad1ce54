using ProxylessMesh.Server.Peers;
using ProxylessMesh.Server.Policy;

namespace ProxylessMesh.Server.Filters;

/// <summary>A request that may go on for hours. Its end and its judgement exclude each other, because the server uses its HttpContext again.</summary>
internal sealed class OpenStream(OpenStreams all, InboundRequest request, InboundConnection connection) : IDisposable
{
    private readonly Lock _lock = new();
    private bool _ended;

    /// <returns>Whether it was ended.</returns>
    public bool EndUnlessAllowed(InboundPolicy policy)
    {
        lock (_lock)
        {
            // Where the policy takes no such connection at all, the connection ends, and this with it.
            if (_ended || InboundFiltering.ChainOf(policy, connection)?.StillAllows(request) != false)
            {
                return false;
            }

            _ended = true;
            request.HttpContext.Abort();
            return true;
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _ended = true;
        }

        all.Leave(this);
    }
}
