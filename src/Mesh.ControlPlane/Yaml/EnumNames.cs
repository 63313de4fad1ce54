using System.Globalization;

namespace ProxylessMesh.ControlPlane.Yaml;

/// <summary>An enum's names in YAML, in the order of their proto numbers; a name without value is known but not supported yet.</summary>
internal sealed class EnumNames<T>(params (string Name, T? Value)[] names)
    where T : struct
{
    public IEnumerable<string> Names => names.Select(n => n.Name);

    public bool Contains(string text) => IndexOf(text) >= 0;

    public T? Find(string text) => IndexOf(text) is >= 0 and var index ? names[index].Value : null;

    private int IndexOf(string text)
    {
        var index = Array.FindIndex(names, n => n.Name == text);
        return index < 0 && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number < names.Length ? number : index;
    }
}
