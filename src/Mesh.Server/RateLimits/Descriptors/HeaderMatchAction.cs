using ProxylessMesh.Server.Filters;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Routing;

namespace ProxylessMesh.Server.RateLimits.Descriptors;

internal sealed class HeaderMatchAction(HeaderMatchActionConfig config) : DescriptorAction
{
    private readonly HeaderMatcher[] _headers = [.. config.Headers.Select(h => new HeaderMatcher(h))];

    public override bool TryAdd(InboundRequest request, DescriptorBuffer descriptor)
    {
        if (AllMatch(request) != config.Expect)
        {
            return false;
        }

        descriptor.Add(config.Key, config.Value);
        return true;
    }

    private bool AllMatch(InboundRequest request)
    {
        var view = new InboundRequestView(request);
        foreach (var header in _headers)
        {
            if (!header.Matches(view))
            {
                return false;
            }
        }

        return true;
    }
}
