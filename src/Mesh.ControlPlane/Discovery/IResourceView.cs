using ProxylessMesh.ControlPlane.Translation;

namespace ProxylessMesh.ControlPlane.Discovery;

/// <summary>The mesh in one state, as clients of one kind see it.</summary>
internal interface IResourceView
{
    /// <summary>Null where the name means nothing.</summary>
    TranslatedResource? Find(string typeUrl, string name);

    /// <summary>What a wildcard subscription means.</summary>
    IReadOnlyList<string> AllNames(string typeUrl);
}
