using ProxylessMesh.Server.Filters;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Server.RateLimits.Descriptors;

internal sealed class HeaderAction(HeaderActionConfig config) : DescriptorAction
{
    public override bool TryAdd(InboundRequest request, DescriptorBuffer descriptor)
    {
        var view = new InboundRequestView(request);
        switch (config.Header)
        {
            case ":method":
                descriptor.Add(config.Key, view.Method);
                return true;
            case ":authority" or "host":
                descriptor.Add(config.Key, view.Authority);
                return true;
            case ":path":
                AddPath(view.Path, view.Query, descriptor);
                return true;
            default:
                if (!view.TryGetHeader(config.Header, out var value))
                {
                    return config.SkipIfAbsent;
                }

                descriptor.Add(config.Key, value);
                return true;
        }
    }

    // The pseudo header holds the query string too (RFC 9113, section 8.3.1).
    private void AddPath(ReadOnlySpan<char> path, ReadOnlySpan<char> query, DescriptorBuffer descriptor)
    {
        if (query.IsEmpty || path.Length >= DescriptorBuffer.MaxValue)
        {
            descriptor.Add(config.Key, path);
            return;
        }

        Span<char> whole = stackalloc char[DescriptorBuffer.MaxValue];
        path.CopyTo(whole);
        whole[path.Length] = '?';
        var rest = whole[(path.Length + 1)..];
        var kept = Math.Min(query.Length, rest.Length);
        query[..kept].CopyTo(rest);
        descriptor.Add(config.Key, whole[..(path.Length + 1 + kept)]);
    }
}
