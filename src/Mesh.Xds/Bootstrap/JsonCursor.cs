using System.Text.Json;

namespace ProxylessMesh.Xds.Bootstrap;

/// <summary>A place in the document that knows its path, so that every complaint can name it.</summary>
internal readonly struct JsonCursor(BootstrapDocument document, JsonElement element, string path)
{
    public JsonElement Element { get; } = element;

    public bool IsObject => Element.ValueKind == JsonValueKind.Object;

    public BootstrapException Error(string problem) => document.Error(path, problem);

    /// <summary>A member; null when absent or JSON null.</summary>
    public JsonCursor? Find(string name) =>
        Element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null
            ? new JsonCursor(document, value, $"{path}.{name}")
            : null;

    public JsonCursor? FindObject(string name) =>
        Find(name) is not { } found ? null : found.IsObject ? found : throw found.Error("must be an object");

    public string? FindText(string name) =>
        Find(name) is not { } found ? null
        : found.Element.ValueKind == JsonValueKind.String ? found.Element.GetString()
        : throw found.Error("must be a string");

    /// <summary>The elements of an array member; none when absent.</summary>
    public List<JsonCursor> List(string name)
    {
        var list = new List<JsonCursor>();
        if (Find(name) is not { } found)
        {
            return list;
        }

        if (found.Element.ValueKind != JsonValueKind.Array)
        {
            throw found.Error("must be an array");
        }

        foreach (var item in found.Element.EnumerateArray())
        {
            list.Add(new(document, item, $"{path}.{name}[{list.Count}]"));
        }

        return list;
    }

    /// <summary>As <see cref="List"/>, every element being an object.</summary>
    public List<JsonCursor> Objects(string name)
    {
        var list = List(name);
        foreach (var item in list)
        {
            if (!item.IsObject)
            {
                throw item.Error("must be an object");
            }
        }

        return list;
    }

    public IEnumerable<(string Name, JsonCursor Value)> Members()
    {
        foreach (var member in Element.EnumerateObject())
        {
            yield return (member.Name, new(document, member.Value, $"{path}.{member.Name}"));
        }
    }
}
