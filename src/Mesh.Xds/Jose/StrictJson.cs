using System.Text.Json;
using System.Text.Unicode;

namespace ProxylessMesh.Xds.Jose;

/// <summary>
/// Reads JSON that decides about access, so that two readers of it cannot disagree: valid UTF-8, no name twice at any depth
/// (RFC 7519, section 4), no comments, no half surrogates.
/// </summary>
internal static class StrictJson
{
    private const int MaxDepth = 32;

    public static bool TryReadObject(ReadOnlySpan<byte> json, out JsonElement root)
    {
        root = default;
        if (!Utf8.IsValid(json))
        {
            return false;
        }

        try
        {
            RefuseBrokenEscapes(json);
            root = JsonElement.Parse(json, new JsonDocumentOptions { AllowDuplicateProperties = false, MaxDepth = MaxDepth });
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException)
        {
            return false;
        }

        return root.ValueKind == JsonValueKind.Object;
    }

    // JsonElement leaves "\ud800" for later, when whoever reads the string is in for an exception.
    private static void RefuseBrokenEscapes(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = MaxDepth });
        while (reader.Read())
        {
            if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && reader.ValueIsEscaped)
            {
                _ = reader.GetString();
            }
        }
    }
}
