using ProxylessMesh.Xds.Identity;

namespace ProxylessMesh.ControlPlane.CertificateAuthority.Accounts;

/// <summary>A service account as operators write it: <c>NAMESPACE/NAME</c>.</summary>
internal static class AccountName
{
    /// <summary>Null for an id that is not of Istio's form.</summary>
    public static string? Of(SpiffeId id) => id.ServiceAccount is null ? null : $"{id.Namespace}/{id.ServiceAccount}";

    /// <exception cref="FormatException">It is of another form.</exception>
    public static string Check(string text)
    {
        if (text.Split('/') is not [{ Length: > 0 } ns, { Length: > 0 } name])
        {
            throw new FormatException($"\"{text}\" is not of the form NAMESPACE/NAME");
        }

        SpiffeId.ForServiceAccount("any", ns, name);
        return text;
    }
}
