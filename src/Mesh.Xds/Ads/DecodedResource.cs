using Google.Protobuf;

namespace ProxylessMesh.Xds.Ads;

/// <summary>A named resource of a response: valid with its raw bytes, or with the reason why not.</summary>
internal readonly record struct DecodedResource<T>(T? Value, ByteString Bytes, string Error)
    where T : class;
