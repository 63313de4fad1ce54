namespace ProxylessMesh.Client.Propagation;

/// <summary>
/// The headers of the request that is being served, which the requests made meanwhile carry on. Flows with the execution
/// context, so that app code does nothing for it.
/// </summary>
internal static class PropagatedHeaders
{
    private static readonly AsyncLocal<KeyValuePair<string, string>[]?> Flowing = new();

    /// <summary>Null outside of a served request.</summary>
    public static KeyValuePair<string, string>[]? Current
    {
        get => Flowing.Value;
        set => Flowing.Value = value;
    }
}
