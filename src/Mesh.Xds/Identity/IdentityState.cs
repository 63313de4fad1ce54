namespace ProxylessMesh.Xds.Identity;

/// <summary>Certificate and roots that belong together; replaced whole.</summary>
internal sealed record IdentityState(WorkloadCertificate Certificate, TrustBundle Bundle);
