namespace ProxylessMesh.ControlPlane.Discovery;

internal sealed partial class AdsConnection
{
    private static partial class Log
    {
        [LoggerMessage(4203, LogLevel.Warning, "{Node} refuses the last {Type}: {Reason}")]
        public static partial void Nack(ILogger logger, string node, string type, string reason);

        [LoggerMessage(4204, LogLevel.Warning, "{Node} did not take a response for {Limit}; disconnecting it.")]
        public static partial void Slow(ILogger logger, string node, TimeSpan limit);

        [LoggerMessage(4205, LogLevel.Debug, "{Node} asks for {Type}, which is not served.")]
        public static partial void UnknownType(ILogger logger, string node, string type);

        [LoggerMessage(4209, LogLevel.Error, "{Type} {Name} cannot be made; whoever has it keeps the last one.")]
        public static partial void NotTranslated(ILogger logger, string type, string name, Exception exception);
    }
}
