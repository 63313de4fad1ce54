using System.Collections.Immutable;
using ProxylessMesh.ControlPlane.Registry;
using ProxylessMesh.ControlPlane.Translation;

namespace ProxylessMesh.ControlPlane.Discovery;

/// <summary>What a client says of itself in its first request.</summary>
/// <param name="Id">Node id.</param>
/// <param name="View">What its resources depend on.</param>
/// <param name="Address">Where it can be reached; empty when it did not say.</param>
/// <param name="Ports">What it listens on.</param>
internal sealed record ClientNode(string Id, ProxyView View, string Address, ImmutableArray<KeyValuePair<string, int>> Ports)
{
    private const string TlsModeLabel = "security.istio.io/tlsMode";

    /// <summary>Whether labels and locality are those of a registered workload of its name: <see cref="RegisteredLikeness"/>.</summary>
    public bool IsAsRegistered { get; init; }

    /// <summary>The entry of the registry, or null for a client that serves nothing. Without a proof there is no mTLS to announce.</summary>
    public RegisteredWorkload? ToWorkload(bool authenticated) =>
        Ports.IsEmpty || Address.Length == 0
            ? null
            : new RegisteredWorkload(
                Id,
                View.Namespace,
                View.WorkloadName,
                View.ServiceAccount,
                View.Labels,
                Address,
                Ports,
                View.Locality,
                acceptsMutualTls: authenticated && View.Labels.Find(TlsModeLabel) == "istio",
                authenticated);
}
