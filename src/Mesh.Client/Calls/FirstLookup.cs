namespace ProxylessMesh.Client.Calls;

/// <summary>A call that comes before the names of its cluster have been looked up waits for them, as Envoy's does while a cluster warms.</summary>
internal static class FirstLookup
{
    /// <returns>False: the caller or the deadline was faster.</returns>
    public static async ValueTask<bool> EndsAsync(Task lookup, CancellationToken token)
    {
        try
        {
            await lookup.WaitAsync(token).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
