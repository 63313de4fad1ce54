namespace ProxylessMesh.Xds.Ads;

/// <summary>Hears of one resource. Calls come one at a time, never while the client holds a lock that a watcher could need.</summary>
internal interface IResourceWatcher<in T>
{
    /// <summary>A new value: the first, or one that differs from the last; or an equal one, when it ends an error.</summary>
    void OnChanged(T resource);

    /// <summary>There is no value: it does not exist, or only errors are known of it (gRFC A88 OnResourceChanged(error)).</summary>
    void OnMissing(ResourceError error);

    /// <summary>Something is wrong, but the last value stays in force (gRFC A88 OnAmbientError).</summary>
    void OnAmbientError(ResourceError error);
}
