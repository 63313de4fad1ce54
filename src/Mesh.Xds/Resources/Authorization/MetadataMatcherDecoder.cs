using Envoy.Config.Rbac.V3;
using Envoy.Type.Matcher.V3;
using ProxylessMesh.Xds.Config;
using Segment = Envoy.Type.Matcher.V3.MetadataMatcher.Types.PathSegment;

namespace ProxylessMesh.Xds.Resources.Authorization;

/// <summary>MetadataMatcher: a value that an earlier filter has left, under the filter's name and a path of keys.</summary>
internal static class MetadataMatcherDecoder
{
    public static RbacMetadataConfig? Decode(SourcedMetadata sourced, DecodeContext context)
    {
        using (context.Enter("sourced_metadata"))
        {
            context.Refuse(sourced.MetadataSource != MetadataSource.Dynamic, "metadata_source");
            return Decode(sourced.MetadataMatcher, "metadata_matcher", context);
        }
    }

    public static RbacMetadataConfig? Decode(MetadataMatcher? matcher, string field, DecodeContext context)
    {
        using (context.Enter(field))
        {
            if (matcher is null || matcher.Filter.Length == 0)
            {
                context.Error("filter", "must not be empty");
                return null;
            }

            if (matcher.Path.Count == 0)
            {
                context.Error("path", "must not be empty");
            }

            var path = new List<string>(matcher.Path.Count);
            for (var i = 0; i < matcher.Path.Count; i++)
            {
                if (matcher.Path[i].SegmentCase != Segment.SegmentOneofCase.Key || matcher.Path[i].Key.Length == 0)
                {
                    using (context.Enter("path", i))
                    {
                        context.Error("key", "must not be empty");
                    }
                }

                path.Add(matcher.Path[i].Key);
            }

            return ValueMatcherDecoder.Decode(matcher.Value, "value", context) is { } value
                ? new RbacMetadataConfig(matcher.Filter, path.ToEquatableArray(), value, matcher.Invert)
                : null;
        }
    }
}
