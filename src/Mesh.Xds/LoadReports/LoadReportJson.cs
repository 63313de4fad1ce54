using System.Text;
using System.Text.Json;

namespace ProxylessMesh.Xds.LoadReports;

/// <summary>A report as a JSON object with the fields' names; <c>named_metrics</c> is an object in it.</summary>
internal static class LoadReportJson
{
    public static bool TryRead(ReadOnlySpan<char> text, bool withNamed, out LoadReport report)
    {
        report = default;
        try
        {
            var bytes = new byte[Encoding.UTF8.GetMaxByteCount(text.Length)];
            var reader = new Utf8JsonReader(bytes.AsSpan(0, Encoding.UTF8.GetBytes(text, bytes)));
            return TryRead(ref reader, withNamed, out report);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            // The reader has no other way to say that this is no JSON, that its text is no Unicode, or that a number is none.
            return false;
        }
    }

    private static bool TryRead(ref Utf8JsonReader reader, bool withNamed, out LoadReport report)
    {
        var draft = new LoadReportDraft(withNamed);
        report = default;
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return false;
        }

        var inNamed = false;
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.EndObject)
            {
                if (!inNamed)
                {
                    report = draft.Report;
                    return true;
                }

                inNamed = false;
                continue;
            }

            var name = reader.GetString()!;
            reader.Read();
            if (reader.TokenType == JsonTokenType.Number)
            {
                Set(ref draft, inNamed, name, reader.GetDouble());
            }
            else if (!inNamed && name == LoadReportNames.NamedMetrics && reader.TokenType == JsonTokenType.StartObject)
            {
                inNamed = true;
            }
            else
            {
                reader.Skip();
            }
        }

        return false;
    }

    private static void Set(ref LoadReportDraft draft, bool inNamed, string name, double value)
    {
        if (inNamed)
        {
            draft.SetNamed(name, value);
        }
        else
        {
            draft.Set(name, value);
        }
    }
}
