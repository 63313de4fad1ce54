using ProxylessMesh.ControlPlane.Validation;
using ProxylessMesh.ControlPlane.Yaml;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.ControlPlane.Resources.Readers;

/// <summary>Maps of labels, as Kubernetes admits them ("Labels and Selectors": syntax and character set).</summary>
internal static class LabelRules
{
    public static EquatableMap Labels(this YamlObject owner, string name)
    {
        var labels = owner.StringMap(name);
        foreach (var (key, value) in labels.Entries)
        {
            if (!IsKey(key))
            {
                owner.Problems.Error(owner.PositionOf(name), ProblemCodes.InvalidValue, $"{owner.PathOf(name)}: {Quoted.Of(key)} is not the name of a label");
            }

            if (value.Length > 0 && !IsWord(value))
            {
                owner.Problems.Error(
                    owner.PositionOf(name), ProblemCodes.InvalidValue, $"{owner.PathOf(name)}.{Quoted.Escape(key)} {Quoted.Of(value)} is not a label's value", "letters, digits, '-', '_' and '.', 63 characters at most, first and last a letter or digit");
            }
        }

        return labels;
    }

    private static bool IsKey(string key)
    {
        var slash = key.IndexOf('/', StringComparison.Ordinal);
        return slash < 0 ? IsWord(key) : DnsName.IsSubdomain(key.AsSpan(0, slash)) && IsWord(key.AsSpan(slash + 1));
    }

    private static bool IsWord(ReadOnlySpan<char> text)
    {
        if (text.Length is 0 or > 63 || !char.IsAsciiLetterOrDigit(text[0]) || !char.IsAsciiLetterOrDigit(text[^1]))
        {
            return false;
        }

        foreach (var c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_' or '.'))
            {
                return false;
            }
        }

        return true;
    }
}
