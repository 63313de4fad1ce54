using System.Text.Json;

namespace ProxylessMesh.Xds.Bootstrap;

/// <summary>The JSON text and where it came from.</summary>
internal sealed class BootstrapDocument(string source, ReadOnlyMemory<byte> json)
{
    public JsonDocument Parse()
    {
        try
        {
            return JsonDocument.Parse(json);
        }
        catch (JsonException e)
        {
            throw new BootstrapException($"{source}:{e.LineNumber + 1}: not valid JSON: {e.Message}", e);
        }
    }

    public BootstrapException Error(string path, string problem) => new($"{source}:{LineOf(path)}: {path} {problem}.");

    /// <summary>The line on which the value at the path begins.</summary>
    private int LineOf(string path)
    {
        var reader = new Utf8JsonReader(json.Span);

        // For each open object or array: its path, and the index of the next element (-1 in objects).
        var open = new Stack<(string Path, int Next)>();
        var current = "$";
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.PropertyName)
            {
                current = $"{open.Peek().Path}.{reader.GetString()}";
                continue;
            }

            if (reader.TokenType is JsonTokenType.EndObject or JsonTokenType.EndArray)
            {
                open.Pop();
                continue;
            }

            if (open.TryPeek(out var parent) && parent.Next >= 0)
            {
                open.Pop();
                open.Push((parent.Path, parent.Next + 1));
                current = $"{parent.Path}[{parent.Next}]";
            }

            if (current == path)
            {
                return json.Span[..(int)reader.TokenStartIndex].Count((byte)'\n') + 1;
            }

            if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
            {
                open.Push((current, reader.TokenType == JsonTokenType.StartArray ? 0 : -1));
            }
        }

        return 1;
    }
}
