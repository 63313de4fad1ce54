using Google.Protobuf;
using ProxylessMesh.ControlPlane.Discovery;
using ProxylessMesh.ControlPlane.Translation;
using ProxylessMesh.Xds.Resources;

namespace ProxylessMesh.ControlPlane.Tests.Discovery;

/// <summary>A mesh whose resources a test writes down: (type, name) to content.</summary>
internal sealed class FakeResources(string version, Dictionary<(string Type, string Name), string> resources) : IResourceGenerator, IResourceView
{
    public const string Broken = "!broken";

    /// <summary>Something of each type.</summary>
    public static IReadOnlyDictionary<(string Type, string Name), string> OfEachType { get; } = new Dictionary<(string Type, string Name), string>
    {
        [(Cds, "c1")] = "C1",
        [(Cds, "c2")] = "C2",
        [(Eds, "c1")] = "E1",
        [(Eds, "c2")] = "E2",
        [(Lds, "l1")] = "L1",
        [(Rds, "r1")] = "R1",
    };

    public static string Cds => ResourceKinds.Cluster.TypeUrl;

    public static string Eds => ResourceKinds.Endpoints.TypeUrl;

    public static string Lds => ResourceKinds.Listener.TypeUrl;

    public static string Rds => ResourceKinds.Route.TypeUrl;

    public string Version => version;

    /// <summary>What is announced as changed; null: anything may be.</summary>
    public (string Type, string Name)[]? Changed { get; init; }

    public PushScope TakeChanges() => Changed is null
        ? PushScope.Everything
        : new PushScope(Changed.GroupBy(c => c.Type).ToDictionary(g => g.Key, g => (IReadOnlySet<string>)g.Select(c => c.Name).ToHashSet()));

    public IReadOnlyList<string> TypeUrls { get; } = [Cds, Eds, Lds, Rds];

    public IResourceView ViewFor(ProxyView proxy) => this;

    public TranslatedResource? Find(string typeUrl, string name) =>
        !resources.TryGetValue((typeUrl, name), out var content) ? null
        : content == Broken ? throw new InvalidOperationException("This one cannot be translated.")
        : new TranslatedResource(name, ByteString.CopyFromUtf8(content));

    public IReadOnlyList<string> AllNames(string typeUrl) => [.. resources.Keys.Where(key => key.Type == typeUrl).Select(key => key.Name)];
}
