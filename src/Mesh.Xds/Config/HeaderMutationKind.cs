namespace ProxylessMesh.Xds.Config;

/// <summary>HeaderValueOption.append_action, and removal.</summary>
internal enum HeaderMutationKind
{
    Remove,

    /// <summary>Adds the value, whether or not the header is there.</summary>
    Append,

    AddIfAbsent,

    /// <summary>Replaces all values, or adds one.</summary>
    Set,

    SetIfPresent,
}
