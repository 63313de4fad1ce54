using Google.Protobuf;

namespace ProxylessMesh.ControlPlane.Translation;

/// <summary>A resource, encoded once for all who see the same: the message itself, not yet wrapped in an Any of its type.</summary>
internal sealed record TranslatedResource(string Name, ByteString Bytes);
