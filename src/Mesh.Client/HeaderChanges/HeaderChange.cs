using System.Net.Http.Headers;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Client.HeaderChanges;

/// <summary>One change, made on a message's headers or on its content's, where HttpClient keeps those that describe the body.</summary>
internal readonly struct HeaderChange(HeaderMutationConfig config)
{
    private readonly bool _ofContent = ContentHeaderNames.Contains(config.Name);

    public string Name => config.Name;

    public void Apply(HttpHeaders headers, HttpHeaders? contentHeaders)
    {
        // Without a body nothing can describe it.
        if ((_ofContent ? contentHeaders : headers) is not { } target)
        {
            return;
        }

        var present = target.NonValidated.Contains(config.Name);
        switch (config.Kind)
        {
            case HeaderMutationKind.Remove:
                target.Remove(config.Name);
                return;
            case HeaderMutationKind.AddIfAbsent when present:
            case HeaderMutationKind.SetIfPresent when !present:
                return;
            case HeaderMutationKind.Set or HeaderMutationKind.SetIfPresent:
                target.Remove(config.Name);
                break;
        }

        target.TryAddWithoutValidation(config.Name, config.Value);
    }
}
