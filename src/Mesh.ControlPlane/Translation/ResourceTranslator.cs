using ProxylessMesh.ControlPlane.Model;

namespace ProxylessMesh.ControlPlane.Translation;

/// <summary>Pure functions from (model, client, name) to resources; null where the name means nothing in this mesh.</summary>
internal static class ResourceTranslator
{
    /// <summary>The types that can be asked for, in push order: CDS, EDS, LDS, RDS.</summary>
    public static IReadOnlyList<string> TypeUrls => throw new NotImplementedException();

    public static TranslatedResource? Translate(MeshModel model, ProxyView proxy, string typeUrl, string name)
        => throw new NotImplementedException();

    /// <summary>Every name that a wildcard subscription of this type means.</summary>
    public static IReadOnlyList<string> AllNames(MeshModel model, ProxyView proxy, string typeUrl)
        => throw new NotImplementedException();
}
