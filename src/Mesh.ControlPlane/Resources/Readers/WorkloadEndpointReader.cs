using System.Net;
using ProxylessMesh.ControlPlane.Validation;
using ProxylessMesh.ControlPlane.Yaml;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.ControlPlane.Resources.Readers;

/// <summary>WorkloadEntry's body, also found inline in a ServiceEntry.</summary>
internal static class WorkloadEndpointReader
{
    private static readonly KnownFields Known = new([], ["network"], []);

    public static WorkloadEndpoint? Read(YamlObject item)
    {
        var address = Address(item);
        var ports = Ports(item);
        var labels = item.Labels("labels");
        var account = item.String("serviceAccount");
        if (account is { Length: > 0 } && !DnsName.IsSubdomain(account))
        {
            item.Problems.Error(item.PositionOf("serviceAccount"), ProblemCodes.InvalidName, $"{item.PathOf("serviceAccount")} {Quoted.Of(account)} is not a valid name", "the name alone, without namespace");
        }

        var weight = item.Int("weight", min: 0) ?? 0;
        var locality = Locality(item);
        item.Close(Known);
        return address is null ? null : new WorkloadEndpoint(address, ports, labels, account is { Length: > 0 } ? account : null, (uint)weight, locality, item.Position);
    }

    public static bool IsIpAddress(string address) => IPAddress.TryParse(address, out _) && !DnsLike(address);

    /// <summary>IPAddress also takes forms such as "1" and "0x7f000001"; those are no addresses here.</summary>
    private static bool DnsLike(string address) => !address.Contains(':', StringComparison.Ordinal) && address.Count(c => c == '.') != 3;

    private static string? Address(YamlObject item)
    {
        if (item.RequiredString("address") is not { } address)
        {
            return null;
        }

        if (address.StartsWith("unix://", StringComparison.Ordinal))
        {
            item.Problems.Error(item.PositionOf("address"), ProblemCodes.UnsupportedField, $"{item.PathOf("address")} {Quoted.Of(address)}: Unix sockets are not supported yet by this version");
            return null;
        }

        if (IsIpAddress(address))
        {
            return address;
        }

        var host = address.ToLowerInvariant();
        if (host.StartsWith('*') || !DnsName.IsHost(host))
        {
            item.Problems.Error(item.PositionOf("address"), ProblemCodes.InvalidValue, $"{item.PathOf("address")} {Quoted.Of(address)} is neither an IP address nor a host name");
            return null;
        }

        return host;
    }

    private static EquatableArray<KeyValuePair<string, int>> Ports(YamlObject item)
    {
        var ports = new List<KeyValuePair<string, int>>();
        foreach (var entry in item.Entries("ports"))
        {
            var path = $"{item.PathOf("ports")}.{Quoted.Escape(entry.Key)}";
            if (entry.Key.Length > 63 || !DnsName.IsLabel(entry.Key.ToLowerInvariant()))
            {
                item.Problems.Error(entry.KeyPosition, ProblemCodes.InvalidName, $"{path}: {Quoted.Of(entry.Key)} is not a port's name");
            }

            if (item.Problems.AsInt(entry.Value, path, 1, 65535) is { } number)
            {
                ports.Add(new(entry.Key, number));
            }
        }

        return ports.ToEquatableArray();
    }

    private static LocalityId Locality(YamlObject item)
    {
        if (item.String("locality") is not { Length: > 0 } text)
        {
            return default;
        }

        var parts = text.Split('/');
        if (parts.Length > 3 || parts[0].Length == 0)
        {
            item.Problems.Error(item.PositionOf("locality"), ProblemCodes.InvalidValue, $"{item.PathOf("locality")} {Quoted.Of(text)} is not of the form region/zone/subzone");
            return default;
        }

        return new LocalityId(parts[0], parts.Length > 1 ? parts[1] : "", parts.Length > 2 ? parts[2] : "");
    }
}
