namespace ProxylessMesh.Xds.Ads;

/// <summary>One watcher's interest in one resource. After <see cref="Dispose"/> at most a call that has already begun still runs.</summary>
internal sealed class Subscription<T>(IResourceWatcher<T> watcher, Action<Subscription<T>> onDispose, Action<Exception> onFault) : IDisposable
    where T : class
{
    private int _disposed;

    public bool IsDisposed => Volatile.Read(ref _disposed) != 0;

    public void Changed(T value) => Call(static (w, v) => w.OnChanged(v), value);

    public void Missing(ResourceError error) => Call(static (w, e) => w.OnMissing(e), error);

    public void AmbientError(ResourceError error) => Call(static (w, e) => w.OnAmbientError(e), error);

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            onDispose(this);
        }
    }

    // A watcher that throws must not keep the others from hearing, nor the response from being acknowledged.
    private void Call<TArgument>(Action<IResourceWatcher<T>, TArgument> call, TArgument argument)
    {
        if (IsDisposed)
        {
            return;
        }

        try
        {
            call(watcher, argument);
        }
        catch (Exception e)
        {
            onFault(e);
        }
    }
}
