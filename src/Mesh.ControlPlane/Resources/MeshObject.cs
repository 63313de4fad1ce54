namespace ProxylessMesh.ControlPlane.Resources;

/// <summary>One typed object of the configuration.</summary>
internal abstract record MeshObject(ObjectMeta Meta);
