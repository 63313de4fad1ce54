namespace ProxylessMesh.ControlPlane.Resources;

/// <summary>MeshConfig.pathNormalization.normalization.</summary>
internal enum PathNormalization
{
    /// <summary>Paths stay as the server passes them on.</summary>
    None,

    /// <summary>RFC 3986, and backslashes are slashes. The default.</summary>
    Base,

    /// <summary><see cref="Base"/>, and several slashes in a row are one.</summary>
    MergeSlashes,

    /// <summary><see cref="MergeSlashes"/>, and escaped slashes count as slashes.</summary>
    DecodeAndMergeSlashes,
}
