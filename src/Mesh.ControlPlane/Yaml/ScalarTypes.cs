using System.Globalization;

namespace ProxylessMesh.ControlPlane.Yaml;

/// <summary>
/// Which type a plain scalar means: the core schema of YAML 1.2, and yes/no/on/off as the YAML 1.1 booleans that
/// Kubernetes' own tools still read. A file that loads here then also means the same in a cluster.
/// </summary>
internal static class ScalarTypes
{
    public static ScalarType OfPlain(string text) => text switch
    {
        "" or "~" or "null" or "Null" or "NULL" => ScalarType.Null,
        "true" or "True" or "TRUE" or "false" or "False" or "FALSE" => ScalarType.Boolean,
        "yes" or "Yes" or "YES" or "no" or "No" or "NO" or "on" or "On" or "ON" or "off" or "Off" or "OFF" => ScalarType.Boolean,
        ".inf" or ".Inf" or ".INF" or "+.inf" or "-.inf" or ".nan" or ".NaN" or ".NAN" => ScalarType.Float,
        _ => OfNumber(text),
    };

    /// <summary>The type that an explicit tag asks for; null for a tag that configuration has no use for.</summary>
    public static ScalarType? OfTag(string tag, string text) => tag switch
    {
        "!" or "tag:yaml.org,2002:str" => ScalarType.Text,
        "tag:yaml.org,2002:null" or "tag:yaml.org,2002:bool" or "tag:yaml.org,2002:int" or "tag:yaml.org,2002:float" => OfPlain(text),
        _ => null,
    };

    private static ScalarType OfNumber(string text)
    {
        if (!char.IsAsciiDigit(text[0]) && text[0] is not ('-' or '+' or '.'))
        {
            return ScalarType.Text;
        }

        if (IsDigits(text.AsSpan(text[0] is '-' or '+' ? 1 : 0), char.IsAsciiDigit)
            || (text.StartsWith("0x", StringComparison.Ordinal) && IsDigits(text.AsSpan(2), char.IsAsciiHexDigit))
            || (text.StartsWith("0o", StringComparison.Ordinal) && IsDigits(text.AsSpan(2), c => c is >= '0' and <= '7')))
        {
            return ScalarType.Integer;
        }

        return double.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out _)
            ? ScalarType.Float
            : ScalarType.Text;
    }

    private static bool IsDigits(ReadOnlySpan<char> text, Func<char, bool> isDigit)
    {
        foreach (var c in text)
        {
            if (!isDigit(c))
            {
                return false;
            }
        }

        return text.Length > 0;
    }
}
