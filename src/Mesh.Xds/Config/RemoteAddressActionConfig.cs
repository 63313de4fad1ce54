namespace ProxylessMesh.Xds.Config;

/// <summary>The address of the caller, of which only the first bits count.</summary>
internal sealed record RemoteAddressActionConfig(string Key, int BitsOfV4 = 32, int BitsOfV6 = 128) : DescriptorActionConfig(Key)
{
    /// <summary>The value is written with its length: <c>10.1.2.0/24</c>.</summary>
    public bool IsNetwork { get; init; }
}
