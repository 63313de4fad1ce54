using Microsoft.Extensions.Logging;

namespace ProxylessMesh.Xds.Cache;

internal static partial class CacheLog
{
    [LoggerMessage(1300, LogLevel.Warning, "The last-known-good cache in {Directory} cannot be used, a restart without control plane will know nothing: {Reason}")]
    public static partial void Unusable(ILogger logger, string directory, string reason);

    [LoggerMessage(1301, LogLevel.Warning, "Ignored {File} of the last-known-good cache: {Reason}")]
    public static partial void Ignored(ILogger logger, string file, string reason);

    [LoggerMessage(1302, LogLevel.Warning, "The last-known-good cache cannot be written: {Reason}")]
    public static partial void WriteFailed(ILogger logger, string reason);

    [LoggerMessage(1303, LogLevel.Warning, "{TypeUrl} {Name} is not kept in the last-known-good cache: {Size} bytes are more than {Limit}")]
    public static partial void TooLarge(ILogger logger, string typeUrl, string name, long size, int limit);
}
