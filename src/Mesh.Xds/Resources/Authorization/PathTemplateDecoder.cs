using Envoy.Config.Core.V3;
using Envoy.Extensions.Path.Match.UriTemplate.V3;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Routing;

namespace ProxylessMesh.Xds.Resources.Authorization;

/// <summary>uri_template: a path template.</summary>
internal static class PathTemplateDecoder
{
    public static RbacPathTemplateConfig? Decode(TypedExtensionConfig extension, DecodeContext context)
    {
        using (context.Enter("uri_template"))
        {
            var template = TypedConfig.Unpack(
                extension.TypedConfig, TypeNames.UriTemplateMatch, UriTemplateMatchConfig.Parser, "typed_config", context);
            if (template is null)
            {
                return null;
            }

            if (PathTemplate.Problem(template.PathTemplate) is { } problem)
            {
                context.Error("typed_config.path_template", $"{DecodeContext.Quote(template.PathTemplate)} {problem}");
                return null;
            }

            return new RbacPathTemplateConfig(template.PathTemplate);
        }
    }
}
