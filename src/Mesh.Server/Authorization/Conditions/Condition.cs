using System.Diagnostics;
using ProxylessMesh.Server.Filters;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.Server.Authorization.Conditions;

/// <summary>A compiled permission or principal. What a request does not have matches nothing, and a connection has none of what requests have.</summary>
internal abstract class Condition
{
    public abstract bool Matches(InboundSubject subject);

    public static Condition Compile(RbacConditionConfig config) => config switch
    {
        RbacAnyConfig => new Always(),
        RbacAllOfConfig all => new AllOf(CompileAll(all.Items)),
        RbacAnyOfConfig any => new AnyOf(CompileAll(any.Items)),
        RbacNotConfig not => new Not(Compile(not.Item)),
        RbacHeaderConfig header => new HeaderCondition(header.Header),
        RbacPathConfig path => new PathCondition(path.Path),
        RbacPathTemplateConfig template => new PathTemplateCondition(template.Template),
        RbacAddressConfig address => new AddressCondition(address),
        RbacPortConfig port => new PortCondition(port),
        RbacServerNameConfig name => new ServerNameCondition(name.Name),
        RbacAuthenticatedConfig authenticated => new AuthenticatedCondition(authenticated.Name),
        RbacMetadataConfig metadata => new MetadataCondition(metadata),
        _ => throw new UnreachableException($"No condition for {config.GetType().Name}."),
    };

    public static Condition[] CompileAll(EquatableArray<RbacConditionConfig> items) => [.. items.Select(Compile)];
}
