using Microsoft.Extensions.Logging;

namespace ProxylessMesh.Xds.Ads;

internal static partial class AdsLog
{
    [LoggerMessage(1100, LogLevel.Information, "Connected to the control plane {Server}")]
    public static partial void Connected(ILogger logger, string server);

    [LoggerMessage(1101, LogLevel.Warning, "The control plane {Server} cannot be reached, what is known stays in force: {Reason}")]
    public static partial void Unreachable(ILogger logger, string server, string reason);

    [LoggerMessage(1102, LogLevel.Information, "The stream to the control plane {Server} ended, connecting again: {Reason}")]
    public static partial void StreamEnded(ILogger logger, string server, string reason);

    [LoggerMessage(1103, LogLevel.Warning, "Rejected {Type} update {Version}, the last good values stay in force: {Reasons}")]
    public static partial void Rejected(ILogger logger, string type, string version, string reasons);

    [LoggerMessage(1104, LogLevel.Debug, "Accepted {Type} update {Version} with {Count} resources")]
    public static partial void Accepted(ILogger logger, string type, string version, int count);

    [LoggerMessage(1105, LogLevel.Debug, "Ignored a response of the type {TypeUrl}, which was not asked for")]
    public static partial void UnknownType(ILogger logger, string typeUrl);

    [LoggerMessage(1106, LogLevel.Warning, "Using {Type} {Name} (version {Version}) from the last-known-good cache: no control plane has answered")]
    public static partial void Restored(ILogger logger, string type, string name, string version);

    [LoggerMessage(1107, LogLevel.Warning, "Dropped {Type} {Name} from the last-known-good cache, it is not valid: {Reason}")]
    public static partial void StoredInvalid(ILogger logger, string type, string name, string reason);

    [LoggerMessage(1108, LogLevel.Error, "Something that watches configuration threw an exception")]
    public static partial void WatcherThrew(ILogger logger, Exception exception);

    [LoggerMessage(1109, LogLevel.Information, "Connecting to the control plane {Server} again, as our own description has changed")]
    public static partial void NodeChanged(ILogger logger, string server);

    [LoggerMessage(1110, LogLevel.Information, "The control plane {Server} does not speak delta xDS; it is spoken to in state of the world from now on")]
    public static partial void NoDelta(ILogger logger, string server);

    [LoggerMessage(1120, LogLevel.Warning, "The control plane {Server} cannot be reached; what it has not told yet is asked of {Next}")]
    public static partial void FellBack(ILogger logger, string server, string next);

    [LoggerMessage(1121, LogLevel.Information, "The control plane {Server} answers again; {Left} is left")]
    public static partial void Returned(ILogger logger, string server, string left);

    [LoggerMessage(1122, LogLevel.Warning, "{Type} {Name} is dropped: it was given {Seconds} s to live and was not renewed")]
    public static partial void Expired(ILogger logger, string type, string name, double seconds);
}
