using System.Globalization;

namespace ProxylessMesh.Xds.Resources.Services;

/// <summary>
/// The host and port behind a cluster's name. Filters call services as an app would, by host and port, so of Istio's names
/// (<c>outbound|9000||authz.default.svc.cluster.local</c>) only those of whole services can be understood.
/// </summary>
internal static class ServiceCluster
{
    public static (string Host, int Port)? Decode(string name, string field, DecodeContext context)
    {
        var parts = name.Split('|');
        if (parts is ["outbound", var number, "", { Length: > 0 } host]
            && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            && port is > 0 and <= 65535
            && Uri.CheckHostName(host) is UriHostNameType.Dns or UriHostNameType.IPv4)
        {
            return (host, port);
        }

        context.Error(field, $"{DecodeContext.Quote(name)} is not of the form outbound|PORT||HOST");
        return null;
    }
}
