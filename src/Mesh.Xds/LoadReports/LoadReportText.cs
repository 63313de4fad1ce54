using System.Globalization;

namespace ProxylessMesh.Xds.LoadReports;

/// <summary>A report as a list of settings: <c>cpu_utilization=0.3, named_metrics.queue=12</c>.</summary>
internal static class LoadReportText
{
    public static bool TryRead(ReadOnlySpan<char> text, bool withNamed, out LoadReport report)
    {
        var draft = new LoadReportDraft(withNamed);
        report = default;
        foreach (var range in text.Split(','))
        {
            var setting = text[range];
            var equals = setting.IndexOf('=');
            if (equals <= 0 || !double.TryParse(setting[(equals + 1)..], NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
            {
                return false;
            }

            draft.Set(setting[..equals].Trim(), number);
        }

        report = draft.Report;
        return true;
    }
}
