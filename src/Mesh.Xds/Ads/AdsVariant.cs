namespace ProxylessMesh.Xds.Ads;

/// <summary>Which variant of the protocol to speak with a server.</summary>
internal enum AdsVariant
{
    /// <summary>What every server and Istio's agent understand.</summary>
    StateOfTheWorld,

    /// <summary>Only what changes travels.</summary>
    Delta,

    /// <summary>Delta; state of the world for ever after with a server that answers it with UNIMPLEMENTED.</summary>
    Auto,
}
