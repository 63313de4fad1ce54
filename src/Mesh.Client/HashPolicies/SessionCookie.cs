using System.Globalization;
using System.Text;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Client.HashPolicies;

/// <summary>The Set-Cookie of a session that begins with this call, written as Envoy does.</summary>
internal static class SessionCookie
{
    public static string Format(HashPolicyConfig policy, string value) =>
        Format(policy.Name, value, policy.CookieTtl, policy.CookiePath, policy.CookieAttributes);

    public static string Format(string name, string value, TimeSpan? age, string path, EquatableArray<KeyValuePair<string, string>> attributes)
    {
        var text = new StringBuilder().Append(name).Append("=\"").Append(value).Append('"');
        if (age is { Ticks: > 0 } ttl)
        {
            text.Append(CultureInfo.InvariantCulture, $"; Max-Age={(long)ttl.TotalSeconds}");
        }

        if (path.Length > 0)
        {
            text.Append("; Path=").Append(path);
        }

        foreach (var (attribute, content) in attributes)
        {
            text.Append("; ").Append(attribute);
            if (content.Length > 0)
            {
                text.Append('=').Append(content);
            }
        }

        return text.Append("; HttpOnly").ToString();
    }
}
