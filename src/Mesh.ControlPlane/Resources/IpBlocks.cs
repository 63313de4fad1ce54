using System.Globalization;
using System.Net;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.ControlPlane.Resources;

/// <summary>An address or a range in CIDR notation; bits behind the prefix do not count, as in Istio.</summary>
internal static class IpBlocks
{
    public static bool TryParse(string text, out CidrConfig block)
    {
        block = default;
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (!IPAddress.TryParse(slash < 0 ? text : text[..slash], out var address))
        {
            return false;
        }

        var bits = address.GetAddressBytes().Length * 8;
        var length = bits;
        if (slash >= 0 && (!int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out length) || length > bits))
        {
            return false;
        }

        // The parser takes "1" and "0x7f.1" for addresses; nobody who writes a policy means that.
        if (address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork && text.AsSpan(0, slash < 0 ? text.Length : slash).Count('.') != 3)
        {
            return false;
        }

        block = CidrConfig.Of(address, length);
        return true;
    }
}
