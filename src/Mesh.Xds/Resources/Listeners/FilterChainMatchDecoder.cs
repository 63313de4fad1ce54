using Envoy.Config.Listener.V3;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Xds.Resources.Listeners;

/// <summary>FilterChainMatch: by transport protocol, which is what tells mesh TLS from plaintext on one port.</summary>
internal static class FilterChainMatchDecoder
{
    public static TransportMatch? Decode(FilterChainMatch? match, DecodeContext context)
    {
        if (match is null)
        {
            return TransportMatch.Any;
        }

        using (context.Enter("filter_chain_match"))
        {
            context.Refuse(match.DestinationPort is not null, "destination_port");
            context.Refuse(match.PrefixRanges.Count > 0, "prefix_ranges");
            context.Refuse(match.AddressSuffix.Length > 0, "address_suffix");
            context.Refuse(match.SuffixLen is not null, "suffix_len");
            context.Refuse(match.DirectSourcePrefixRanges.Count > 0, "direct_source_prefix_ranges");
            context.Refuse(match.SourceType != FilterChainMatch.Types.ConnectionSourceType.Any, "source_type");
            context.Refuse(match.SourcePrefixRanges.Count > 0, "source_prefix_ranges");
            context.Refuse(match.SourcePorts.Count > 0, "source_ports");
            context.Refuse(match.ApplicationProtocols.Count > 0, "application_protocols");
            switch (match.TransportProtocol)
            {
                case "":
                    return TransportMatch.Any;
                case "tls":
                    return TransportMatch.Tls;
                case "raw_buffer":
                    return TransportMatch.Plaintext;
                default:
                    context.Error("transport_protocol", $"{DecodeContext.Quote(match.TransportProtocol)} is not known; tls and raw_buffer are");
                    return null;
            }
        }
    }
}
