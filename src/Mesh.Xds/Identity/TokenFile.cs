namespace ProxylessMesh.Xds.Identity;

/// <summary>A bearer token that the platform or an operator keeps in a file and replaces from time to time.</summary>
internal sealed class TokenFile(string path)
{
    private const int MaxLength = 16 * 1024;

    /// <summary>The token of this moment; null when the file is missing, empty or not a token.</summary>
    public string? Read()
    {
        try
        {
            var file = new FileInfo(path);
            if (!file.Exists || file.Length > MaxLength)
            {
                return null;
            }

            var text = File.ReadAllText(path).Trim();

            // It becomes a header value, so it must be one word of visible ASCII.
            return text.Length > 0 && !text.AsSpan().ContainsAnyExceptInRange('!', '~') ? text : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
