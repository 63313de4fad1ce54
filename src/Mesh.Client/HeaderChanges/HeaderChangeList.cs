using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Client.HeaderChanges;

/// <summary>The compiled changes of one direction, in order.</summary>
internal sealed class HeaderChangeList
{
    private readonly HeaderChange[] _changes;

    private HeaderChangeList(HeaderChange[] changes) => _changes = changes;

    /// <summary>Null when there is nothing to change.</summary>
    public static HeaderChangeList? From(EquatableArray<HeaderMutationConfig> mutations)
    {
        if (mutations.Count == 0)
        {
            return null;
        }

        var changes = new HeaderChange[mutations.Count];
        for (var i = 0; i < changes.Length; i++)
        {
            changes[i] = new HeaderChange(mutations[i]);
        }

        return new HeaderChangeList(changes);
    }

    public void Apply(HttpRequestMessage request, RequestBackup backup)
    {
        foreach (ref readonly var change in _changes.AsSpan())
        {
            backup.Keep(change.Name);
            change.Apply(request.Headers, request.Content?.Headers);
        }
    }

    public void Apply(HttpResponseMessage response)
    {
        foreach (ref readonly var change in _changes.AsSpan())
        {
            change.Apply(response.Headers, response.Content.Headers);
        }
    }
}
