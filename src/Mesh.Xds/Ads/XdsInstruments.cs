using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace ProxylessMesh.Xds.Ads;

/// <summary>The metrics of gRPC's xDS clients (gRFC A78), under its names and labels, summed over the clients of the process.</summary>
internal static class XdsInstruments
{
    public const string MeterName = "ProxylessMesh.Xds";

    /// <summary>A78's authority of names that have none.</summary>
    public const string NoAuthority = "#old";

    private const string TypePrefix = "type.googleapis.com/";

    private static readonly Meter s_meter = new(MeterName);
    private static readonly ConcurrentDictionary<ClientMetrics, bool> s_clients = [];

#pragma warning disable IDE0052 // Collected through the meter.
    private static readonly ObservableGauge<long> s_connected = s_meter.CreateObservableGauge(
        "grpc.xds_client.connected", static () => Read(static (client, list) => client.ReadServers(list)), "{bool}", "Whether there is a working ADS stream to the server.");

    private static readonly ObservableGauge<long> s_resources = s_meter.CreateObservableGauge(
        "grpc.xds_client.resources", static () => Read(static (client, list) => client.ReadResources(list)), "{resource}", "Resources that are subscribed to, by state.");
#pragma warning restore IDE0052

    public static Counter<long> ServerFailures { get; } =
        s_meter.CreateCounter<long>("grpc.xds_client.server_failure", "{failure}", "Servers that went from healthy to unhealthy.");

    public static Counter<long> ValidUpdates { get; } =
        s_meter.CreateCounter<long>("grpc.xds_client.resource_updates_valid", "{resource}", "Resources received that were valid, changed or not.");

    public static Counter<long> InvalidUpdates { get; } =
        s_meter.CreateCounter<long>("grpc.xds_client.resource_updates_invalid", "{resource}", "Resources received that were not valid.");

    /// <summary>gRPC has a client for each target; here one serves the process.</summary>
    public static KeyValuePair<string, object?> Target { get; } = new("grpc.target", "#process");

    public static KeyValuePair<string, object?> Server(string name) => new("grpc.xds.server", name);

    public static KeyValuePair<string, object?> Type(string typeUrl) =>
        new("grpc.xds.resource_type", typeUrl.StartsWith(TypePrefix, StringComparison.Ordinal) ? typeUrl[TypePrefix.Length..] : typeUrl);

    public static void Add(ClientMetrics client) => s_clients[client] = true;

    public static void Remove(ClientMetrics client) => s_clients.TryRemove(client, out _);

    private static List<Measurement<long>> Read(Action<ClientMetrics, List<Measurement<long>>> read)
    {
        var measurements = new List<Measurement<long>>();
        foreach (var client in s_clients.Keys)
        {
            read(client, measurements);
        }

        return measurements;
    }
}
