using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace ProxylessMesh.ControlPlane.Chaos;

/// <summary>What was injected when: a table for people, a list of objects for programs.</summary>
internal static class ChaosReport
{
    public static string ToText(IReadOnlyList<ChaosRecord> records)
    {
        var text = new StringBuilder();
        var width = Math.Max("SERVICE".Length, records.Select(r => r.Pick.Target.Host.Length).DefaultIfEmpty().Max());
        text.Append(CultureInfo.InvariantCulture, $"{"BEGAN",-20}  {"ENDED",-20}  {"SERVICE".PadRight(width)}  {"OUTCOME",-11}  FAULT\n");
        foreach (var record in records)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"{record.Began:u}  {record.Ended:u}  {record.Pick.Target.Host.PadRight(width)}  {record.Outcome,-11}  {FaultText.Describe(record.Pick.Fault)}\n");
        }

        return text.ToString();
    }

    public static JsonArray ToJson(IReadOnlyList<ChaosRecord> records) =>
    [
        .. records.Select(r => new JsonObject
        {
            ["began"] = r.Began,
            ["ended"] = r.Ended,
            ["service"] = r.Pick.Target.Host,
            ["namespace"] = r.Pick.Target.Namespace,
            ["outcome"] = r.Outcome,
            ["fault"] = FaultText.Describe(r.Pick.Fault),
        }),
    ];
}
