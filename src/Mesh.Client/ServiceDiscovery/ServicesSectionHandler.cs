namespace ProxylessMesh.Client.ServiceDiscovery;

/// <summary>Under the mesh, for calls that it does not know: sends them to an address of the section <c>Services</c>, if there is one.</summary>
internal sealed class ServicesSectionHandler(ServicesSection section, HttpMessageHandler inner) : DelegatingHandler(inner)
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        Target(request.RequestUri) is { } target ? SendToAsync(request, target, cancellationToken) : base.SendAsync(request, cancellationToken);

    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var original = request.RequestUri;
        request.RequestUri = Target(original) ?? original;
        try
        {
            return base.Send(request, cancellationToken);
        }
        finally
        {
            request.RequestUri = original;
        }
    }

    private Uri? Target(Uri? uri)
    {
        if (uri is not { IsAbsoluteUri: true })
        {
            return null;
        }

        // Not in the section: the name itself, with the best of its schemes (Microsoft.Extensions.ServiceDiscovery, pass-through).
        return section.Resolve(uri)
            ?? (uri is LogicalUri logical ? new UriBuilder(uri) { Scheme = logical.Schemes[0], Port = uri.IsDefaultPort ? -1 : uri.Port }.Uri : null);
    }

    private async Task<HttpResponseMessage> SendToAsync(HttpRequestMessage request, Uri target, CancellationToken cancellationToken)
    {
        var original = request.RequestUri;
        request.RequestUri = target;
        try
        {
            return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            request.RequestUri = original;
        }
    }
}
