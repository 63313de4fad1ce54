using Microsoft.Extensions.Configuration.Memory;

namespace ProxylessMesh.Sidecar.Hosting;

/// <summary>What the server says of each request, twice: for a proxy too much, unless settings ask for it.</summary>
internal static class RequestLogs
{
    /// <summary>Below all other settings.</summary>
    public static void QuietByDefault(this WebApplicationBuilder builder) =>
        builder.Configuration.Sources.Insert(0, new MemoryConfigurationSource { InitialData = [new("Logging:LogLevel:Microsoft.AspNetCore", "Warning")] });
}
