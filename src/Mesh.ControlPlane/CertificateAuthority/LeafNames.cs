using System.Net;
using ProxylessMesh.Xds.Identity;

namespace ProxylessMesh.ControlPlane.CertificateAuthority;

/// <summary>The subject alternative names of a leaf.</summary>
/// <param name="Id">Its only URI.</param>
/// <param name="Hosts">Host names, which may be international.</param>
/// <param name="Addresses">IP addresses.</param>
internal sealed record LeafNames(SpiffeId Id, IReadOnlyList<string> Hosts, IReadOnlyList<IPAddress> Addresses);
