namespace ProxylessMesh.ControlPlane.Resources;

/// <summary>Identity of an object: the API version is no part of it (the same object read as v1 and v1alpha3 is one object).</summary>
internal sealed record ObjectId(string Kind, string Namespace, string Name)
{
    public override string ToString() => $"{Kind} {Namespace}/{Name}";
}
