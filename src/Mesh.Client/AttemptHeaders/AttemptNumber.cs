using System.Globalization;

namespace ProxylessMesh.Client.AttemptHeaders;

/// <summary>x-envoy-attempt-count: 1 is the first attempt. The texts of those that happen are made once.</summary>
internal static class AttemptNumber
{
    public const string Header = "x-envoy-attempt-count";

    private static readonly string[] Texts = ["0", "1", "2", "3", "4", "5", "6", "7", "8"];

    public static string Text(int attempt) => attempt < Texts.Length ? Texts[attempt] : attempt.ToString(CultureInfo.InvariantCulture);
}
