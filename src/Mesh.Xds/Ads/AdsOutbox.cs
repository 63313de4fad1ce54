using System.Threading.Channels;

namespace ProxylessMesh.Xds.Ads;

/// <summary>
/// Requests that wait for the wire: at most one per type, as a newer one says all that an older one did. So a server that
/// does not read cannot make it grow.
/// </summary>
internal sealed class AdsOutbox
{
    private readonly Lock _lock = new();
    private readonly List<OutgoingRequest> _waiting = [];
    private readonly Channel<bool> _signal = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public void Put(OutgoingRequest request)
    {
        lock (_lock)
        {
            var index = _waiting.FindIndex(w => w.Type == request.Type);
            if (index < 0)
            {
                _waiting.Add(request);
            }
            else
            {
                var older = _waiting[index].Message;
                if (older.ResponseNonce == request.Message.ResponseNonce)
                {
                    // Only names were added since: the refusal is still news.
                    request.Message.ErrorDetail ??= older.ErrorDetail;
                }

                _waiting[index] = request;
            }
        }

        _signal.Writer.TryWrite(true);
    }

    /// <summary>The next request, as soon as there is one.</summary>
    public async ValueTask<OutgoingRequest> TakeAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            lock (_lock)
            {
                if (_waiting.Count > 0)
                {
                    var request = _waiting[0];
                    _waiting.RemoveAt(0);
                    return request;
                }
            }

            await _signal.Reader.ReadAsync(cancellationToken).ConfigureAwait(false);
        }
    }
}
