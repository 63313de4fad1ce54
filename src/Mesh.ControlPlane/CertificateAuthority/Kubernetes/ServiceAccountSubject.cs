using ProxylessMesh.Xds.Identity;

namespace ProxylessMesh.ControlPlane.CertificateAuthority.Kubernetes;

/// <summary>What Kubernetes calls a service account as a user: <c>system:serviceaccount:NAMESPACE:NAME</c>.</summary>
internal static class ServiceAccountSubject
{
    private const string Prefix = "system:serviceaccount:";

    public static CallerProof Read(string name, string trustDomain)
    {
        if (!name.StartsWith(Prefix, StringComparison.Ordinal) || name[Prefix.Length..].Split(':') is not [var ns, var account])
        {
            return CallerProof.Refused("the Kubernetes token is not of a service account");
        }

        try
        {
            return new CallerProof(PeerVerification.Trusted(SpiffeId.ForServiceAccount(trustDomain, ns, account)));
        }
        catch (FormatException)
        {
            return CallerProof.Refused("the Kubernetes token is of an account that no SPIFFE id can name");
        }
    }
}
