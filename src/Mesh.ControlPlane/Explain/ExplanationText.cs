using System.Text;
using System.Text.Json.Nodes;

namespace ProxylessMesh.ControlPlane.Explain;

/// <summary>An explanation for people: one fact per line, what belongs to a cluster below it.</summary>
internal static class ExplanationText
{
    private const int Column = 20;

    public static string Write(JsonObject explanation)
    {
        var text = new StringBuilder();
        Write(text, explanation, "");
        return text.ToString();
    }

    private static void Write(StringBuilder text, JsonObject facts, string indent)
    {
        foreach (var (name, value) in facts)
        {
            switch (value)
            {
                case JsonArray { Count: 0 } when name == "passedOver":
                case null:
                    break;
                case JsonArray { Count: 0 }:
                    Line(text, indent, name, "none known: 503 (UH)");
                    break;
                case JsonArray list:
                    foreach (var item in list)
                    {
                        WriteItem(text, indent, name, item);
                    }

                    break;
                default:
                    Line(text, indent, name, value.ToString());
                    break;
            }
        }
    }

    private static void WriteItem(StringBuilder text, string indent, string name, JsonNode? item)
    {
        switch (item)
        {
            case JsonObject fact when name == "passedOver":
                Line(text, indent, name, $"{fact["route"]}: {fact["reason"]}");
                break;
            case JsonObject at when name == "endpoints":
                Line(text, indent, "endpoint", $"{at["address"]}  {at["health"]}  priority {at["priority"]}  {at["locality"]}  weight {at["weight"]}  {at["tls"]}");
                break;
            case JsonObject cluster:
                Line(text, indent, "cluster", $"{cluster["name"]} ({cluster["share"]})");
                Write(text, new JsonObject(cluster.Where(f => f.Key is not ("name" or "share")).Select(f => KeyValuePair.Create(f.Key, f.Value?.DeepClone()))), indent + "  ");
                break;
            default:
                Line(text, indent, name, $"{item}");
                break;
        }
    }

    private static void Line(StringBuilder text, string indent, string name, string value) =>
        text.Append(indent).Append(name.PadRight(Column - indent.Length)).Append(value).Append('\n');
}
