using Google.Protobuf;

namespace ProxylessMesh.ControlPlane.Translation;

/// <summary>A resource, encoded once for all who see the same.</summary>
internal sealed record TranslatedResource(string Name, ByteString Bytes);
