using System.Collections.Immutable;
using ProxylessMesh.ControlPlane.Registry;
using ProxylessMesh.ControlPlane.Resources;

namespace ProxylessMesh.ControlPlane.Model;

/// <summary>Everything the translation may look at, indexed, immutable.</summary>
internal sealed class MeshModel
{
    public MeshModel(MeshSettings settings, ImmutableArray<MeshObject> objects, ImmutableArray<RegisteredWorkload> workloads)
        => throw new NotImplementedException();

    public MeshSettings Settings => throw new NotImplementedException();
}
