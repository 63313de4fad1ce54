using Microsoft.Extensions.Logging;
using ProxylessMesh.Client.Calls;
using ProxylessMesh.Client.Services;

namespace ProxylessMesh.Client.Handlers;

/// <summary>What all handlers of a process share.</summary>
/// <param name="Services">Null: the mesh is off, and every call passes through.</param>
/// <param name="Context">Clock and dice.</param>
/// <param name="ConfigurationTimeout">How long a first call waits for its host's configuration.</param>
/// <param name="Required">Whether a call may go on without the mesh while nothing is known.</param>
/// <param name="Logger">Of the handlers.</param>
internal sealed partial record OutboundCalls(
    OutboundServices? Services, CallContext Context, TimeSpan ConfigurationTimeout, bool Required, ILogger Logger)
{
    public void NothingKnown(string authority) => Log.NothingKnown(Logger, authority, ConfigurationTimeout.TotalSeconds);

    private static partial class Log
    {
        [LoggerMessage(2011, LogLevel.Warning, "The control plane did not say within {Seconds} s what {Authority} is; until it does, calls to it go on without the mesh (Mesh:Mode Auto) or fail (Required).")]
        public static partial void NothingKnown(ILogger logger, string authority, double seconds);
    }
}
