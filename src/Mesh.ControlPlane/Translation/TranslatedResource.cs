using System.Security.Cryptography;
using Google.Protobuf;

namespace ProxylessMesh.ControlPlane.Translation;

/// <summary>A resource, encoded once for all who see the same: the message itself, and in the fields that responses carry.</summary>
internal sealed record TranslatedResource
{
    private ByteString _bytes;
    private string? _version;
    private EncodedFields? _fields;

    /// <param name="name">Under which it is asked for.</param>
    /// <param name="bytes">The message itself, not yet wrapped in an Any of its type.</param>
    public TranslatedResource(string name, ByteString bytes) => (Name, _bytes) = (name, bytes);

    public string Name { get; }

    /// <summary>The message itself.</summary>
    public ByteString Bytes => _bytes;

    /// <summary>
    /// Of this resource alone. It is a fingerprint of the bytes, so that it is the same after a restart and from every replica, and a
    /// client that comes back is sent only what is new to it.
    /// </summary>
    public string Version => _version ??= Convert.ToHexStringLower(SHA256.HashData(Bytes.Span).AsSpan(0, 16));

    /// <summary>Only its version is known: a client says that it has this.</summary>
    public bool IsClaimed { get; private init; }

    public static TranslatedResource Claimed(string name, string version) => new(name, ByteString.Empty) { _version = version, IsClaimed = true };

    /// <summary>The field of a DiscoveryResponse, encoded once for all who are sent it.</summary>
    public ByteString InStateOfTheWorld(string typeUrl) => Fields(typeUrl).StateOfTheWorld;

    /// <summary>The field of a DeltaDiscoveryResponse, encoded once for all who are sent it.</summary>
    public ByteString InDelta(string typeUrl) => Fields(typeUrl).Delta;

    /// <summary>Whether a client that has this one need not be sent the other.</summary>
    public bool IsSameAs(TranslatedResource other) =>
        ReferenceEquals(this, other)
        || (IsClaimed || other.IsClaimed ? Version == other.Version : ReferenceEquals(Bytes, other.Bytes) || Bytes.Equals(other.Bytes));

    public bool Equals(TranslatedResource? other) => other is not null && Name == other.Name && IsSameAs(other);

    public override int GetHashCode() => Name.GetHashCode(StringComparison.Ordinal);

    private EncodedFields Fields(string typeUrl)
    {
        if (_fields is not { } fields)
        {
            // Several may do so at once: what they write is equal.
            fields = EncodedFields.Of(Name, Version, typeUrl, _bytes);
            (_fields, _bytes) = (fields, fields.Bytes);
        }

        return fields;
    }
}
