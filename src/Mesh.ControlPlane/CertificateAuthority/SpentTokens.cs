using System.Globalization;
using System.Text;

namespace ProxylessMesh.ControlPlane.CertificateAuthority;

/// <summary>
/// Single-use tokens that were used, until they expire: on disk, so that a restart does not give them a second life. When the list
/// is full no more are taken: forgetting one would.
/// </summary>
internal sealed class SpentTokens(DataDirectory directory, TimeProvider time)
{
    /// <summary>Each line is about 30 bytes, and the file must stay readable.</summary>
    public const int MaxTokens = 5000;

    private const string FileName = "spent-tokens";

    private readonly Lock _lock = new();
    private Dictionary<string, long>? _spent;

    public bool Contains(string id)
    {
        lock (_lock)
        {
            return Load().ContainsKey(id);
        }
    }

    /// <summary>False when it was spent before, or cannot be remembered.</summary>
    public bool TryAdd(string id, DateTimeOffset expires)
    {
        lock (_lock)
        {
            var spent = Load();
            var now = time.GetUtcNow().ToUnixTimeSeconds();
            foreach (var (old, end) in spent)
            {
                if (end < now)
                {
                    spent.Remove(old);
                }
            }

            if (spent.Count >= MaxTokens || !spent.TryAdd(id, expires.ToUnixTimeSeconds()))
            {
                return false;
            }

            Save(spent);
            return true;
        }
    }

    private Dictionary<string, long> Load()
    {
        if (_spent is not null)
        {
            return _spent;
        }

        var spent = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var line in directory.Has(FileName) ? directory.Read(FileName).Split('\n', StringSplitOptions.RemoveEmptyEntries) : [])
        {
            if (line.Split(' ') is not [var id, var end] || !long.TryParse(end, NumberStyles.None, CultureInfo.InvariantCulture, out var expires))
            {
                throw new CertificateAuthorityException(
                    $"{directory.PathOf(FileName)} is damaged. Restore it; or delete it and token-key, which ends all tokens");
            }

            spent[id] = expires;
        }

        return _spent = spent;
    }

    private void Save(Dictionary<string, long> spent)
    {
        var text = new StringBuilder();
        foreach (var (id, end) in spent)
        {
            text.Append(CultureInfo.InvariantCulture, $"{id} {end}\n");
        }

        directory.WriteSecret(FileName, text.ToString());
    }
}
