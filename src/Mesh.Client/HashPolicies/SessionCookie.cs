using System.Globalization;
using System.Text;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Client.HashPolicies;

/// <summary>The Set-Cookie of a session that begins with this call, written as Envoy does.</summary>
internal static class SessionCookie
{
    public static string Format(HashPolicyConfig policy, string value)
    {
        var text = new StringBuilder().Append(policy.Name).Append("=\"").Append(value).Append('"');
        if (policy.CookieTtl is { Ticks: > 0 } ttl)
        {
            text.Append(CultureInfo.InvariantCulture, $"; Max-Age={(long)ttl.TotalSeconds}");
        }

        if (policy.CookiePath.Length > 0)
        {
            text.Append("; Path=").Append(policy.CookiePath);
        }

        foreach (var (name, content) in policy.CookieAttributes)
        {
            text.Append("; ").Append(name);
            if (content.Length > 0)
            {
                text.Append('=').Append(content);
            }
        }

        return text.Append("; HttpOnly").ToString();
    }
}
