namespace ProxylessMesh.Xds.Ads;

/// <summary>Whether the resource, or the way to it, is at fault.</summary>
internal enum ResourceErrorKind
{
    /// <summary>The server says, by word or by 15 s of silence, that there is none.</summary>
    DoesNotExist,

    /// <summary>What came could not be decoded.</summary>
    Invalid,

    /// <summary>No server could be reached.</summary>
    Unreachable,
}
