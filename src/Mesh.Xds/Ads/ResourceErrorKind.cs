namespace ProxylessMesh.Xds.Ads;

/// <summary>Whether the resource, or the way to it, is at fault.</summary>
internal enum ResourceErrorKind
{
    /// <summary>The server says that there is none.</summary>
    DoesNotExist,

    /// <summary>15 s of silence on a live stream, which gRPC takes for absence (gRFC A57). Nothing that opens a door may rely on it.</summary>
    NotAnswered,

    /// <summary>What came could not be decoded.</summary>
    Invalid,

    /// <summary>No server could be reached.</summary>
    Unreachable,
}
