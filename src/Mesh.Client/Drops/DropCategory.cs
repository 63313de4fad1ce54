namespace ProxylessMesh.Client.Drops;

/// <summary>One reason for which calls are dropped, with the count of those that were.</summary>
internal sealed class DropCategory(string name)
{
    private long _untold;

    public string Name => name;

    public void Count() => Interlocked.Increment(ref _untold);

    /// <summary>Since it was asked last.</summary>
    public long Take() => Interlocked.Exchange(ref _untold, 0);
}
