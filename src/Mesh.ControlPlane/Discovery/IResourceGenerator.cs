using ProxylessMesh.ControlPlane.Translation;

namespace ProxylessMesh.ControlPlane.Discovery;

/// <summary>One immutable state of the mesh, as resources.</summary>
internal interface IResourceGenerator
{
    /// <summary>version_info of every response made from it.</summary>
    string Version { get; }

    /// <summary>The types that can be asked for, in push order: CDS, EDS, LDS, RDS.</summary>
    IReadOnlyList<string> TypeUrls { get; }

    /// <summary>What may differ from the state before. Asked once, when no client can be answered from that one any more but those who will notice.</summary>
    PushScope TakeChanges() => PushScope.Everything;

    /// <summary>What one client sees. Clients with equal views share the result.</summary>
    IResourceView ViewFor(ProxyView proxy);
}
