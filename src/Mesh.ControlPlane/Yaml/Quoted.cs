using System.Globalization;
using System.Text;

namespace ProxylessMesh.ControlPlane.Yaml;

/// <summary>Text of a file inside a message: short, and without control characters that could forge a log line.</summary>
internal static class Quoted
{
    public static string Of(string text) => $"\"{Escape(text)}\"";

    public static string Escape(string text, int maxLength = 100)
    {
        var result = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            if (result.Length >= maxLength)
            {
                return result.Append("...").ToString();
            }

            if (Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Surrogate or UnicodeCategory.OtherNotAssigned)
            {
                result.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:x4}");
            }
            else
            {
                result.Append(rune.ToString());
            }
        }

        return result.ToString();
    }
}
