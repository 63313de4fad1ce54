using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ProxylessMesh.Xds.Identity;

namespace ProxylessMesh.ControlPlane.CertificateAuthority;

/// <summary>
/// Join tokens: <c>base64url(JSON {ns, sa, exp, jti}).base64url(HMAC-SHA256)</c>. The key is in the data directory, so that
/// <c>mesh token create</c> needs no control plane that runs; whoever can read that directory can join as anybody.
/// </summary>
internal sealed class JoinTokens
{
    /// <summary>A longer text is refused unread.</summary>
    public const int MaxTokenLength = 4096;

    private const string KeyFile = "token-key";
    private const int KeyLength = 32;

    private static readonly TimeSpan s_maxLifetime = TimeSpan.FromDays(366);

    private readonly byte[] _key;
    private readonly TimeProvider _time;
    private readonly SpentTokens _spent;

    private JoinTokens(byte[] key, SpentTokens spent, TimeProvider time)
    {
        _key = key;
        _spent = spent;
        _time = time;
    }

    /// <summary>With the key of a data directory, which is made if it is missing.</summary>
    /// <exception cref="CertificateAuthorityException">The key is damaged or unreadable.</exception>
    public static JoinTokens Open(string dataDirectory, TimeProvider time)
    {
        var directory = new DataDirectory(dataDirectory);
        if (!directory.Has(KeyFile))
        {
            // If another process is first, its key is the one to use.
            directory.TryCreateSecret(KeyFile, Convert.ToBase64String(RandomNumberGenerator.GetBytes(KeyLength)) + "\n");
        }

        var key = new byte[KeyLength];
        return Convert.TryFromBase64String(directory.Read(KeyFile).Trim(), key, out var length) && length == KeyLength
            ? new JoinTokens(key, new SpentTokens(directory, time), time)
            : throw new CertificateAuthorityException(
                $"{directory.PathOf(KeyFile)} is damaged: it holds no {KeyLength} bytes in base64. "
                + "Delete it to make a new one, which ends all tokens that were made with it");
    }

    /// <summary>Makes a token for one service account.</summary>
    /// <exception cref="ArgumentException">A name holds a character that no SPIFFE id may hold, or the lifetime is not within 1 s and 366 days.</exception>
    public string Create(string workloadNamespace, string serviceAccount, TimeSpan lifetime, bool singleUse = false)
    {
        if (lifetime < TimeSpan.FromSeconds(1) || lifetime > s_maxLifetime)
        {
            throw new ArgumentException("A token lives for 1 s to 366 days.", nameof(lifetime));
        }

        try
        {
            Account(workloadNamespace, serviceAccount);
        }
        catch (FormatException e)
        {
            throw new ArgumentException("A namespace and a service account hold letters, digits, dots, dashes and underscores.", nameof(serviceAccount), e);
        }

        using var json = new MemoryStream();
        using (var writer = new Utf8JsonWriter(json))
        {
            writer.WriteStartObject();
            writer.WriteString("ns", workloadNamespace);
            writer.WriteString("sa", serviceAccount);
            writer.WriteNumber("exp", (_time.GetUtcNow() + lifetime).ToUnixTimeSeconds());
            writer.WriteString("jti", Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8)));
            if (singleUse)
            {
                writer.WriteBoolean("once", true);
            }

            writer.WriteEndObject();
        }

        var payload = Base64Url.EncodeToString(json.ToArray());
        return $"{payload}.{Base64Url.EncodeToString(Mac(payload))}";
    }

    /// <summary>Reads a token; null with one sentence when it proves nothing. The sentence never quotes the token.</summary>
    public JoinToken? Verify(string text, out string? error)
    {
        var dot = text.IndexOf('.', StringComparison.Ordinal);
        if (text.Length > MaxTokenLength || dot < 0 || text.IndexOf('.', dot + 1) >= 0)
        {
            error = "the bearer token is not a join token";
            return null;
        }

        // Nothing of the payload is parsed before the signature is known to be ours.
        var payload = text[..dot];
        Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
        if (!TryDecode(text.AsSpan(dot + 1), mac) || !CryptographicOperations.FixedTimeEquals(mac, Mac(payload)))
        {
            error = "the join token was not made with this control plane's key, or was altered";
            return null;
        }

        var token = Parse(payload);
        error = token is null ? "the join token's content is damaged"
            : _time.GetUtcNow() >= token.Expires ? $"the join token of {token.Namespace}/{token.ServiceAccount} expired at {token.Expires:u}"
            : token.IsSingleUse && _spent.Contains(token.Id) ? $"the join token of {token.Namespace}/{token.ServiceAccount} was good for one certificate, which has been issued"
            : null;
        return error is null ? token : null;
    }

    /// <summary>Ends a single-use token; false when it was spent before, or too many are remembered.</summary>
    public bool Spend(JoinToken token) => _spent.TryAdd(token.Id, token.Expires);

    // Both must fit into a SPIFFE id; of which trust domain, the control plane says when it sees the token.
    private static SpiffeId Account(string workloadNamespace, string serviceAccount) =>
        SpiffeId.ForServiceAccount("any", workloadNamespace, serviceAccount);

    private byte[] Mac(string payload) => HMACSHA256.HashData(_key, Encoding.ASCII.GetBytes(payload));

    // There is one spelling of the signature only, so that a token cannot be rewritten and stay valid.
    private static bool TryDecode(ReadOnlySpan<char> text, Span<byte> mac) =>
        text.Length == Base64Url.GetEncodedLength(mac.Length)
        && Base64Url.IsValid(text, out var length)
        && length == mac.Length
        && Base64Url.TryDecodeFromChars(text, mac, out length)
        && text.SequenceEqual(Base64Url.EncodeToString(mac));

    private static JoinToken? Parse(string payload)
    {
        try
        {
            using var json = JsonDocument.Parse(Base64Url.DecodeFromChars(payload));
            var root = json.RootElement;
            var account = Account(root.GetProperty("ns").GetString()!, root.GetProperty("sa").GetString()!);
            return new JoinToken(
                account.Namespace!,
                account.ServiceAccount!,
                DateTimeOffset.FromUnixTimeSeconds(root.GetProperty("exp").GetInt64()),
                root.GetProperty("jti").GetString()!)
            {
                IsSingleUse = root.TryGetProperty("once", out var once) && once.GetBoolean(),
            };
        }
        catch (Exception e) when (e is JsonException or FormatException or KeyNotFoundException or InvalidOperationException or ArgumentException)
        {
            return null;
        }
    }
}
