using Envoy.Service.Discovery.V3;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace ProxylessMesh.ControlPlane.Translation;

/// <summary>
/// A resource as it stands in responses. All of these are parts of one buffer: the field of a DeltaDiscoveryResponse holds a Resource, in
/// which the Any is a field of the same number as in a DiscoveryResponse, and that ends with the message.
/// </summary>
/// <param name="Delta">The field <c>resources</c> of a DeltaDiscoveryResponse.</param>
/// <param name="StateOfTheWorld">The field <c>resources</c> of a DiscoveryResponse.</param>
/// <param name="Bytes">The message itself.</param>
internal sealed record EncodedFields(ByteString Delta, ByteString StateOfTheWorld, ByteString Bytes)
{
    private static readonly int s_nameTagSize = CodedOutputStream.ComputeTagSize(Resource.NameFieldNumber);

    public static EncodedFields Of(string name, string version, string typeUrl, ByteString message)
    {
        var any = new Any { TypeUrl = typeUrl, Value = message };
        ReadOnlyMemory<byte> delta = new DeltaDiscoveryResponse { Resources = { new Resource { Name = name, Version = version, Resource_ = any } } }.ToByteArray();

        // Fields are written by number: version, resource, name; and type_url, value.
        var end = delta.Length - (name.Length == 0 ? 0 : s_nameTagSize + CodedOutputStream.ComputeStringSize(name));
        var size = new DiscoveryResponse { Resources = { any } }.CalculateSize();
        return new EncodedFields(Slice(delta), Slice(delta[(end - size)..end]), Slice(delta[(end - message.Length)..end]));
    }

    private static ByteString Slice(ReadOnlyMemory<byte> memory) => UnsafeByteOperations.UnsafeWrap(memory);
}
