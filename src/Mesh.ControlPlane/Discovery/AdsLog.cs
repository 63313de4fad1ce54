namespace ProxylessMesh.ControlPlane.Discovery;

/// <summary>Events of streams.</summary>
internal static partial class AdsLog
{
    [LoggerMessage(4201, LogLevel.Information, "{Node} connected, proven to be {Identity}.")]
    public static partial void Connected(ILogger logger, string node, string identity);

    [LoggerMessage(4202, LogLevel.Information, "{Node} disconnected.")]
    public static partial void Disconnected(ILogger logger, string node);

    [LoggerMessage(4203, LogLevel.Warning, "{Node} refuses the last {Type}: {Reason}")]
    public static partial void Nack(ILogger logger, string node, string type, string reason);

    [LoggerMessage(4204, LogLevel.Warning, "{Node} did not take a response for {Limit}; disconnecting it.")]
    public static partial void Slow(ILogger logger, string node, TimeSpan limit);

    [LoggerMessage(4205, LogLevel.Debug, "{Node} asks for {Type}, which is not served.")]
    public static partial void UnknownType(ILogger logger, string node, string type);

    [LoggerMessage(4206, LogLevel.Warning, "{Node} claims a namespace or service account that {Identity} is not.")]
    public static partial void Refused(ILogger logger, string node, string identity);

    [LoggerMessage(4209, LogLevel.Error, "{Type} {Name} cannot be made; whoever has it keeps the last one.")]
    public static partial void NotTranslated(ILogger logger, string type, string name, Exception exception);

    [LoggerMessage(4220, LogLevel.Warning, "New streams are sent away: {Reason} ({Suppressed} more since the last line)")]
    public static partial void Overloaded(ILogger logger, string reason, int suppressed);

    [LoggerMessage(4332, LogLevel.Warning, "{Node} is not admitted: {Reason}")]
    public static partial void NotAdmitted(ILogger logger, string node, string reason);
}
