using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;

namespace ProxylessMesh.Xds.Jose;

/// <summary>The keys of an issuer (RFC 7517, section 5). Immutable.</summary>
internal sealed class JsonWebKeySet
{
    /// <summary>Bytes of a set.</summary>
    public const int MaxBytes = 256 * 1024;

    /// <summary>Keys of a set, usable or not.</summary>
    public const int MaxKeys = 128;

    // One token costs at most so many verifications; only keys that share an id, or tokens without one, come near.
    private const int MaxAttempts = 16;

    private readonly JsonWebKey[] _keys;

    private JsonWebKeySet(JsonWebKey[] keys, string[] ignored) => (_keys, Ignored) = (keys, ignored);

    /// <summary>Verifies nothing.</summary>
    public static JsonWebKeySet Empty { get; } = new([], []);

    public IReadOnlyList<JsonWebKey> Keys => _keys;

    /// <summary>Why keys of the set are not used (RFC 7517, section 5, wants them skipped): <c>keys[2]: use is not sig</c>.</summary>
    public IReadOnlyList<string> Ignored { get; }

    /// <summary>Reads a set.</summary>
    /// <param name="json">Of at most <see cref="MaxBytes"/>.</param>
    /// <param name="set">At least one key, unless <paramref name="allowNoKeys"/>.</param>
    /// <param name="error">Why there is none.</param>
    /// <param name="allowNoKeys">Whether a set of which no key can be used is one: it verifies nothing.</param>
    public static bool TryParse(string json, [NotNullWhen(true)] out JsonWebKeySet? set, out string error, bool allowNoKeys = false)
    {
        set = null;
        if (json.Length <= MaxBytes)
        {
            return TryParse(Encoding.UTF8.GetBytes(json).AsSpan(), out set, out error, allowNoKeys);
        }

        error = TooLarge;
        return false;
    }

    /// <inheritdoc cref="TryParse(string, out JsonWebKeySet, out string, bool)"/>
    public static bool TryParse(ReadOnlySpan<byte> json, [NotNullWhen(true)] out JsonWebKeySet? set, out string error, bool allowNoKeys = false)
    {
        set = null;
        if (json.Length > MaxBytes)
        {
            error = TooLarge;
            return false;
        }

        if (!StrictJson.TryReadObject(json, out var root))
        {
            error = "is not a JSON object (in UTF-8, no name twice)";
            return false;
        }

        if (!root.TryGetProperty("keys", out var keys) || keys.ValueKind != JsonValueKind.Array)
        {
            error = "has no array \"keys\"";
            return false;
        }

        if (keys.GetArrayLength() > MaxKeys)
        {
            error = $"has more than {MaxKeys} keys";
            return false;
        }

        set = Read(keys);
        error = set._keys.Length > 0 ? "" : set.Ignored.Count == 0 ? "has no keys" : $"has no usable key ({set.Ignored[0]})";
        set = set._keys.Length > 0 || allowNoKeys ? set : null;
        return set is not null;
    }

    /// <summary>Verifies a token's signature with the key that it names, or with each that it could mean.</summary>
    public JwtFailure Verify(JsonWebToken token)
    {
        var attempts = 0;
        foreach (var key in _keys)
        {
            if (!IsMeant(key, token) || !key.Allows(token.Algorithm))
            {
                continue;
            }

            if (attempts++ == MaxAttempts)
            {
                break;
            }

            if (key.Key.Verify(token.Algorithm, token.SignedBytes, token.Signature))
            {
                return JwtFailure.None;
            }
        }

        return attempts == 0 ? JwtFailure.UnknownKey : JwtFailure.WrongSignature;
    }

    private static string TooLarge => $"is larger than {MaxBytes / 1024} KiB";

    private static bool IsMeant(JsonWebKey key, JsonWebToken token) =>
        key.KeyId is null || token.KeyId is null || string.Equals(key.KeyId, token.KeyId, StringComparison.Ordinal);

    private static JsonWebKeySet Read(JsonElement keys)
    {
        var usable = new List<JsonWebKey>();
        var ignored = new List<string>();
        var index = 0;
        foreach (var json in keys.EnumerateArray())
        {
            if (JsonWebKeyReader.Read(json, out var error) is { } key)
            {
                usable.Add(key);
            }
            else
            {
                ignored.Add($"keys[{index}]: {error}");
            }

            index++;
        }

        return new JsonWebKeySet([.. usable], [.. ignored]);
    }
}
