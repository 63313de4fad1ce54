using Envoy.Service.Discovery.V3;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using ProxylessMesh.Xds.Ads;

namespace ProxylessMesh.Xds.Tests.Ads;

/// <summary>A resource type small enough to write by hand: <c>name=text</c>; <c>name=!reason</c> is invalid, bytes without = have no name.</summary>
internal sealed record Note(string Name, string Text)
{
    /// <summary>Responses hold all there is, as LDS and CDS.</summary>
    public static ResourceKind<Note> Full { get; } = new("test/full", "FULL", FullState: true, Decode);

    /// <summary>Responses hold what changed, as RDS and EDS.</summary>
    public static ResourceKind<Note> Partial { get; } = new("test/partial", "PART", FullState: false, Decode);

    public static Any Any(ResourceKind<Note> kind, string text) => new() { TypeUrl = kind.TypeUrl, Value = ByteString.CopyFromUtf8(text) };

    public static Any Wrapped(ResourceKind<Note> kind, string name, string text) => new()
    {
        TypeUrl = "type.googleapis.com/envoy.service.discovery.v3.Resource",
        Value = new Resource { Name = name, Resource_ = Any(kind, text) }.ToByteString(),
    };

    private static DecodeResult<Note> Decode(ByteString bytes)
    {
        var parts = bytes.ToStringUtf8().Split('=', 2);
        return parts.Length < 2 ? DecodeResult<Note>.Failed(null, ["no name here"])
            : parts[1].StartsWith('!') ? DecodeResult<Note>.Failed(parts[0], [parts[1][1..]])
            : DecodeResult<Note>.Ok(parts[0], new(parts[0], parts[1]));
    }
}
