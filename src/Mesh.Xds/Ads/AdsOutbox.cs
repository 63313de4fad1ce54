using System.Threading.Channels;

namespace ProxylessMesh.Xds.Ads;

/// <summary>
/// Types that have something to say: what, is asked when the wire is free. So requests that come to be meanwhile become one, and a
/// server that does not read cannot make anything grow.
/// </summary>
internal sealed class AdsOutbox
{
    private readonly Lock _lock = new();
    private readonly List<ChannelType> _waiting = [];
    private readonly Channel<bool> _signal = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public void Put(ChannelType type)
    {
        lock (_lock)
        {
            if (_waiting.Contains(type))
            {
                return;
            }

            _waiting.Add(type);
        }

        _signal.Writer.TryWrite(true);
    }

    /// <summary>The next type, as soon as there is one.</summary>
    public async ValueTask<ChannelType> TakeAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            lock (_lock)
            {
                if (_waiting.Count > 0)
                {
                    var type = _waiting[0];
                    _waiting.RemoveAt(0);
                    return type;
                }
            }

            await _signal.Reader.ReadAsync(cancellationToken).ConfigureAwait(false);
        }
    }
}
