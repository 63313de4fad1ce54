using Microsoft.Extensions.Logging;

namespace ProxylessMesh.Xds.Bootstrap;

internal static partial class BootstrapLog
{
    [LoggerMessage(1150, LogLevel.Information, "{Source}: authorities are not used yet, all names are asked for at xds_servers: {Authorities}")]
    public static partial void AuthoritiesUnused(ILogger logger, string source, string authorities);

    [LoggerMessage(1151, LogLevel.Information, "{Source}: only the first of xds_servers is used, {Server}")]
    public static partial void FallbackServersUnused(ILogger logger, string source, Uri server);
}
