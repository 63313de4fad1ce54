using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.ControlPlane.Resources;

/// <summary>The metadata that matters to the mesh.</summary>
/// <param name="Id">Kind, namespace (default: <c>default</c>) and name.</param>
/// <param name="Labels">metadata.labels.</param>
/// <param name="Annotations">metadata.annotations.</param>
/// <param name="CreatedAt">metadata.creationTimestamp; files without one count as equally old.</param>
/// <param name="Position">Of the document.</param>
internal sealed record ObjectMeta(
    ObjectId Id,
    EquatableMap Labels,
    EquatableMap Annotations,
    DateTimeOffset? CreatedAt,
    SourcePosition Position);
