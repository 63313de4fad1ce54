namespace ProxylessMesh.Xds.Identity;

/// <summary>Kind of a workload's private key. It is made by the workload and never leaves it.</summary>
public enum WorkloadKeyType
{
    /// <summary>ECDSA over P-256: the fastest, and what every peer understands.</summary>
    EcdsaP256,

    /// <summary>ECDSA over P-384.</summary>
    EcdsaP384,

    /// <summary>RSA of 2048 bits, Istio's default; for peers that know no ECDSA.</summary>
    Rsa2048,
}
