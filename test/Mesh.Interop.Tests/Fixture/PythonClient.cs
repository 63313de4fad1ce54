using System.Text.Json;
using System.Text.Json.Nodes;
using ProxylessMesh.FunctionalTests.Fixture;

namespace ProxylessMesh.Interop.Tests.Fixture;

/// <summary>Calls as client.py makes them. One call at a time.</summary>
internal sealed class PythonClient(PythonProcess process) : IAsyncDisposable
{
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web);

    /// <summary>Credentials that take TLS from the control plane.</summary>
    public bool Secure { get; init; }

    public async Task<PythonAnswer> CallAsync(string target, string method = "Unary", string message = "", double timeout = 20, params (string Name, string Value)[] metadata) =>
        (await CallManyAsync(1, target, method, message, timeout, metadata))[0];

    public async Task<PythonAnswer[]> CallManyAsync(
        int times, string target, string method = "Unary", string message = "", double timeout = 20, params (string Name, string Value)[] metadata)
    {
        var order = new JsonObject
        {
            ["target"] = target,
            ["method"] = method,
            ["message"] = message,
            ["timeout"] = timeout,
            ["times"] = times,
            ["secure"] = Secure,
            ["metadata"] = new JsonObject(metadata.Select(m => KeyValuePair.Create(m.Name, (JsonNode?)m.Value))),
        };
        await process.WriteAsync(order.ToJsonString());
        return JsonSerializer.Deserialize<PythonAnswer[]>(await process.ReadAsync(), s_json)!;
    }

    /// <summary>Calls until each of these servers has answered, and no other does.</summary>
    public Task UntilAllAnswerAsync(string target, params string[] names)
    {
        var last = "";
        return Poll.UntilAsync(
            async () =>
            {
                var answers = await CallManyAsync(20, target);
                last = string.Join(", ", answers.Select(a => a.Name ?? $"{a.Status}: {a.Details}").Distinct());
                return answers.Select(a => a.Name).Distinct().Order().SequenceEqual(names);
            },
            () => $"{target} answers {last}");
    }

    public ValueTask DisposeAsync() => process.DisposeAsync();
}
