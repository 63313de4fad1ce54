using ProxylessMesh.Xds.Ads;

namespace ProxylessMesh.Xds.Dependencies;

/// <summary>What is known of an authority: exactly one of a snapshot, or a reason why there is none.</summary>
/// <param name="Snapshot">Set when the mesh knows the authority.</param>
/// <param name="Missing">Set when the control plane says that the mesh does not know it.</param>
/// <param name="Error">Set when nobody could say, or only an invalid resource came.</param>
internal sealed record ServiceState(ServiceSnapshot? Snapshot, bool Missing, ResourceError? Error)
{
    public static ServiceState Known(ServiceSnapshot snapshot) => new(snapshot, false, null);

    public static ServiceState DoesNotExist { get; } = new(null, true, null);

    public static ServiceState Failed(ResourceError error) => new(null, false, error);
}
