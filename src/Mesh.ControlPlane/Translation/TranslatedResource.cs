using System.Security.Cryptography;
using Envoy.Service.Discovery.V3;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace ProxylessMesh.ControlPlane.Translation;

/// <summary>A resource, encoded once for all who see the same: the message itself, not yet wrapped in an Any of its type.</summary>
internal sealed record TranslatedResource(string Name, ByteString Bytes)
{
    private string? _version;
    private ByteString? _sotw;
    private ByteString? _delta;

    /// <summary>
    /// Of this resource alone. It is a fingerprint of the bytes, so that it is the same after a restart and from every replica, and a
    /// client that comes back is sent only what is new to it.
    /// </summary>
    public string Version => _version ??= Convert.ToHexStringLower(SHA256.HashData(Bytes.Span).AsSpan(0, 16));

    /// <summary>The field of a DiscoveryResponse, encoded once for all who are sent it.</summary>
    public ByteString InStateOfTheWorld(string typeUrl) =>
        _sotw ??= new DiscoveryResponse { Resources = { Wrapped(typeUrl) } }.ToByteString();

    /// <summary>The field of a DeltaDiscoveryResponse, encoded once for all who are sent it.</summary>
    public ByteString InDelta(string typeUrl) =>
        _delta ??= new DeltaDiscoveryResponse { Resources = { new Resource { Name = Name, Version = Version, Resource_ = Wrapped(typeUrl) } } }.ToByteString();

    /// <summary>Only its version is known: a client says that it has this.</summary>
    public bool IsClaimed { get; private init; }

    public static TranslatedResource Claimed(string name, string version) => new(name, ByteString.Empty) { _version = version, IsClaimed = true };

    /// <summary>Whether a client that has this one need not be sent the other.</summary>
    public bool IsSameAs(TranslatedResource other) =>
        ReferenceEquals(this, other)
        || (IsClaimed || other.IsClaimed ? Version == other.Version : ReferenceEquals(Bytes, other.Bytes) || Bytes.Equals(other.Bytes));

    public bool Equals(TranslatedResource? other) => other is not null && Name == other.Name && IsSameAs(other);

    private Any Wrapped(string typeUrl) => new() { TypeUrl = typeUrl, Value = Bytes };

    public override int GetHashCode() => Name.GetHashCode(StringComparison.Ordinal);
}
