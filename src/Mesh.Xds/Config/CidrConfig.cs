using System.Net;
using System.Net.Sockets;

namespace ProxylessMesh.Xds.Config;

/// <summary>Addresses with the same first bits.</summary>
internal readonly record struct CidrConfig(IPNetwork Network)
{
    /// <param name="prefix">Bits beyond <paramref name="length"/> do not count.</param>
    /// <param name="length">In bits, at most those of the address.</param>
    public static CidrConfig Of(IPAddress prefix, int length)
    {
        var bytes = prefix.GetAddressBytes();
        for (var i = 0; i < bytes.Length; i++)
        {
            var kept = Math.Clamp(length - (i * 8), 0, 8);
            bytes[i] &= (byte)(0xFF << (8 - kept));
        }

        return new CidrConfig(new IPNetwork(new IPAddress(bytes), length));
    }

    /// <summary>An IPv4 address that a dual-stack socket shows as IPv6 (::ffff:10.0.0.1) is the IPv4 address.</summary>
    public bool Contains(IPAddress address) =>
        Network.Contains(address)
        || (address.IsIPv4MappedToIPv6 && Network.BaseAddress.AddressFamily == AddressFamily.InterNetwork && Network.Contains(address.MapToIPv4()));
}
