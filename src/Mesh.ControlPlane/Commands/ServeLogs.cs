using ProxylessMesh.ControlPlane.Sources.Files;

namespace ProxylessMesh.ControlPlane.Commands;

/// <summary>The log of <c>mesh serve</c>, on standard error. What the start-up report tells is not logged as well.</summary>
internal sealed class ServeLogs : IDisposable
{
    private volatile bool _reported;

    public ServeLogs(LogLevel level) => Factory = LoggerFactory.Create(logging => logging
        .AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z' ";
        })
        .AddFilter((category, logged) => logged >= level && (_reported || category != typeof(FileConfigSource).FullName))
        .Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(
            console => console.LogToStandardErrorThreshold = LogLevel.Trace));

    public ILoggerFactory Factory { get; }

    /// <summary>From now on, problems of the configuration are logged as they appear.</summary>
    public void ShowProblems() => _reported = true;

    public void Dispose() => Factory.Dispose();
}
