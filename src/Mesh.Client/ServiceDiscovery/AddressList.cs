namespace ProxylessMesh.Client.ServiceDiscovery;

/// <summary>The addresses of one endpoint of a service, taken in turn.</summary>
internal sealed class AddressList(ServiceAddress[] addresses)
{
    private uint _next = uint.MaxValue;

    /// <summary>
    /// The next address that a scheme allows, with the scheme to use. One that names another scheme is left out: a call written
    /// as https never leaves in the clear.
    /// </summary>
    /// <param name="schemes">The best first.</param>
    /// <param name="own">Of addresses that name none.</param>
    public (ServiceAddress Address, string Scheme)? Next(IReadOnlyList<string> schemes, string own)
    {
        for (var i = 0; i < addresses.Length; i++)
        {
            var address = addresses[Interlocked.Increment(ref _next) % (uint)addresses.Length];
            var scheme = address.Scheme ?? own;
            if (schemes.Contains(scheme))
            {
                return (address, scheme);
            }
        }

        return null;
    }
}
