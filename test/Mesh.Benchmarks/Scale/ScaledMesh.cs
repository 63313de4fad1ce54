using System.Globalization;

namespace ProxylessMesh.Benchmarks.Scale;

/// <summary>Names of a large mesh's parts, for the folder that the control plane reads and for the clients that ask for them.</summary>
internal static class ScaledMesh
{
    /// <summary>Services and clients are spread over as many.</summary>
    public const int Namespaces = 20;

    public const int Port = 80;

    public static string Namespace(int index) => string.Create(CultureInfo.InvariantCulture, $"ns-{index % Namespaces:D2}");

    public static string Service(int index) => string.Create(CultureInfo.InvariantCulture, $"svc-{index:D4}");

    public static string Host(int index) => $"{Service(index)}.{Namespace(index)}.svc.cluster.local";

    public static string Listener(int index) => string.Create(CultureInfo.InvariantCulture, $"{Host(index)}:{Port}");

    /// <summary>What a client accepts itself.</summary>
    public const string Inbound = "xds.istio.io/grpc/lds/inbound/0.0.0.0:8080";

    /// <summary>Of the routes, the cluster and the endpoints.</summary>
    public static string Cluster(int index) => string.Create(CultureInfo.InvariantCulture, $"outbound|{Port}||{Host(index)}");

    public static string Zone(int index) => string.Create(CultureInfo.InvariantCulture, $"zone-{index % 3}");

    /// <summary>Of one of the workloads that are written down.</summary>
    public static string Address(int service, int endpoint) =>
        string.Create(CultureInfo.InvariantCulture, $"10.{100 + endpoint}.{service / 250}.{1 + (service % 250)}");

    /// <summary>Of a client, which is an endpoint of the service of its number.</summary>
    public static string ClientAddress(int client) =>
        string.Create(CultureInfo.InvariantCulture, $"10.1.{client / 250}.{1 + (client % 250)}");
}
