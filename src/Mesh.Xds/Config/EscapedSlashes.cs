namespace ProxylessMesh.Xds.Config;

/// <summary>What becomes of <c>%2F</c> and <c>%5C</c> in a path.</summary>
internal enum EscapedSlashes
{
    Keep,

    /// <summary>The request is answered with 400.</summary>
    Reject,

    /// <summary>They count as the characters that they stand for.</summary>
    Unescape,
}
