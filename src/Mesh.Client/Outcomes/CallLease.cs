using ProxylessMesh.Client.Clusters;

namespace ProxylessMesh.Client.Outcomes;

/// <summary>
/// What a call holds until its body has been read or dropped: the endpoint's and the cluster's slots and the deadline. Ending it at the headers
/// would make least request blind to streams. Mutable struct: it lives inside the content that ends it.
/// </summary>
internal struct CallLease(Endpoint endpoint, Deadline? deadline)
{
    private Endpoint? _endpoint = endpoint;
    private Deadline? _deadline = deadline;

    public readonly Deadline? Deadline => _deadline;

    public readonly bool IsOver => _endpoint is null;

    /// <summary>At the end of the body, when its stream is disposed of, and its content: only the first counts.</summary>
    public void End(bool onConnection)
    {
        if (IsOver)
        {
            return;
        }

        Interlocked.Exchange(ref _endpoint, null)?.EndRequest(onConnection);
        if (_deadline is not null)
        {
            Interlocked.Exchange(ref _deadline, null)?.Dispose();
        }
    }
}
