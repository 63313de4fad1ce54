using System.Text.Json.Nodes;

namespace ProxylessMesh.ControlPlane.Tests.Docs;

/// <summary>A small object of a kind, into which fields are put by their path. Its JSON is YAML as well.</summary>
internal sealed class SampleObject(string apiVersion, string kind, string spec)
{
    /// <summary>What <c>{}</c> of a path stands for, and what stands in messages.</summary>
    private readonly string _key = kind == "PeerAuthentication" ? "8080" : "http";

    private readonly JsonObject _spec = JsonNode.Parse(spec)!.AsObject();

    /// <summary>The path as messages write it: <c>spec.http[0].redirect</c>.</summary>
    public string NameOf(string path) => $"spec.{path.Replace("[]", "[0]", StringComparison.Ordinal).Replace("{}", $".{_key}", StringComparison.Ordinal)}";

    public SampleObject With(string path, string json)
    {
        JsonNode at = _spec;
        var steps = path.Replace("[]", ".[]", StringComparison.Ordinal).Replace("{}", $".{_key}", StringComparison.Ordinal).Split('.');
        for (var i = 0; i < steps.Length; i++)
        {
            var isLast = i == steps.Length - 1;
            JsonNode Next() => isLast ? JsonNode.Parse(json)! : steps[i + 1] == "[]" ? new JsonArray() : new JsonObject();
            if (at is JsonArray list)
            {
                if (list.Count == 0)
                {
                    list.Add(Next());
                }

                at = list[0]!;
            }
            else
            {
                var map = at.AsObject();
                if (isLast || map[steps[i]] is null)
                {
                    map[steps[i]] = Next();
                }

                at = map[steps[i]]!;
            }
        }

        return this;
    }

    public string ToYaml() => new JsonObject
    {
        ["apiVersion"] = apiVersion,
        ["kind"] = kind,
        ["metadata"] = new JsonObject { ["name"] = "sample" },
        ["spec"] = _spec.DeepClone(),
    }.ToJsonString();
}
