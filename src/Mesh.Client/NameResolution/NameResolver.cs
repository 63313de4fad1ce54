using System.Net;
using System.Net.Sockets;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Client.NameResolution;

/// <summary>The hosts file, then the name servers of resolv.conf; where there are none, the operating system's own way, which tells no time to live.</summary>
internal sealed class NameResolver(ResolverFiles files, TimeProvider time) : INameResolver
{
    private readonly DnsClient _client = new(time);

    public async Task<NameAnswer> ResolveAsync(string name, DnsLookupFamily family, CancellationToken cancellationToken)
    {
        var (first, second) = Order(family);
        var hosts = HostsFile.Find(files.Hosts, name.TrimEnd('.'));
        if (hosts.Count > 0)
        {
            return Choose(NameAnswer.Of(hosts.FindAll(a => Is(a, first))), NameAnswer.Of(hosts.FindAll(a => Is(a, second))), family, "the hosts file has no address of the kind asked for");
        }

        var settings = files.Settings;
        if (settings.Servers.Count == 0)
        {
            return await AskSystemAsync(name, family, cancellationToken).ConfigureAwait(false);
        }

        var preferred = await _client.AskAsync(settings, name, Type(first), cancellationToken).ConfigureAwait(false);
        if (family is DnsLookupFamily.V4Only or DnsLookupFamily.V6Only || (preferred.Error is null && family != DnsLookupFamily.All))
        {
            return preferred;
        }

        var other = await _client.AskAsync(settings, name, Type(second), cancellationToken).ConfigureAwait(false);
        return Choose(preferred, other, family, preferred.Error ?? other.Error ?? "");
    }

    private static async Task<NameAnswer> AskSystemAsync(string name, DnsLookupFamily family, CancellationToken cancellationToken)
    {
        try
        {
            var (first, second) = Order(family);
            var found = await System.Net.Dns.GetHostAddressesAsync(name, cancellationToken).ConfigureAwait(false);
            return Choose(NameAnswer.Of(Array.FindAll(found, a => Is(a, first))), NameAnswer.Of(Array.FindAll(found, a => Is(a, second))), family, "the name has no address of the kind asked for");
        }
        catch (SocketException e)
        {
            return NameAnswer.Failed(e.Message);
        }
        catch (ArgumentException)
        {
            return NameAnswer.Failed("is no name that DNS can hold");
        }
    }

    private static NameAnswer Choose(NameAnswer preferred, NameAnswer other, DnsLookupFamily family, string error)
    {
        if (family is DnsLookupFamily.V4Only or DnsLookupFamily.V6Only)
        {
            return preferred.Addresses.Count > 0 ? preferred : NameAnswer.Failed(error);
        }

        return (preferred.Addresses.Count, other.Addresses.Count) switch
        {
            (0, 0) => NameAnswer.Failed(error),
            (0, _) => other,
            (> 0, > 0) when family == DnsLookupFamily.All => NameAnswer.Of([.. preferred.Addresses, .. other.Addresses], Shorter(preferred.TimeToLive, other.TimeToLive)),
            _ => preferred,
        };
    }

    private static TimeSpan? Shorter(TimeSpan? a, TimeSpan? b) => a is null || b < a ? b : a;

    private static (AddressFamily First, AddressFamily Second) Order(DnsLookupFamily family) =>
        family is DnsLookupFamily.V4Only or DnsLookupFamily.V4Preferred
            ? (AddressFamily.InterNetwork, AddressFamily.InterNetworkV6)
            : (AddressFamily.InterNetworkV6, AddressFamily.InterNetwork);

    private static bool Is(IPAddress address, AddressFamily family) => address.AddressFamily == family;

    private static DnsRecordType Type(AddressFamily family) => family == AddressFamily.InterNetwork ? DnsRecordType.A : DnsRecordType.Aaaa;
}
