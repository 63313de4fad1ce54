using Envoy.Config.Core.V3;
using Envoy.Config.Rbac.V3;
using Envoy.Config.Route.V3;
using Envoy.Extensions.Filters.Network.HttpConnectionManager.V3;
using Envoy.Type.Matcher.V3;
using Google.Api.Expr.V1Alpha1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Resources;
using ProxylessMesh.Xds.Resources.Authorization;
using HttpRbac = Envoy.Extensions.Filters.Http.Rbac.V3.RBAC;

namespace ProxylessMesh.Xds.Tests.Resources.Authorization;

/// <summary>gRFC A41: what a rule is not understood to say is an error.</summary>
public sealed class RbacFilterDecoderTests
{
    private static readonly Dictionary<string, (Permission Permission, string Error)> Broken = new()
    {
        ["nothing"] = (new Permission(), "is missing or of a kind that is not supported"),
        ["any: false"] = (new Permission { Any = false }, "any: must be true"),
        ["empty and"] = (new Permission { AndRules = new Permission.Types.Set() }, "and_rules.rules: must not be empty"),
        [":scheme"] = (Header(":scheme"), "\":scheme\" cannot be matched"),
        ["grpc-"] = (Header("grpc-timeout"), "\"grpc-timeout\" cannot be matched"),
        ["nested grpc-"] = (new Permission { NotRule = Header("Grpc-Timeout") }, "not_rule.header.name: \"grpc-timeout\" cannot be matched"),
        ["no address"] = (new Permission { DestinationIp = new CidrRange { AddressPrefix = "here" } }, "\"here\" is no IP address"),
        ["port"] = (new Permission { DestinationPort = 70_000 }, "must be at most 65535"),
        ["extension"] = (new Permission { Matcher = new TypedExtensionConfig { Name = "x" } }, "not supported"),
        ["regex"] = (new Permission { UrlPath = new PathMatcher { Path = new StringMatcher { SafeRegex = new RegexMatcher { Regex = "(" } } } }, "url_path.path.safe_regex"),
        ["metadata without path"] = (new Permission { Metadata = new MetadataMatcher { Filter = "f", Value = new ValueMatcher { PresentMatch = true } } }, "metadata.path: must not be empty"),
    };

    public static TheoryData<string> Names => [.. Broken.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void What_is_not_understood_is_an_error(string name) => Assert.Contains(Errors(Rules(Broken[name].Permission)), e => e.Contains(Broken[name].Error, StringComparison.Ordinal));

    [Fact]
    public void A_condition_in_CEL_is_an_error()
    {
        var rbac = Rules(new Permission { Any = true });
        rbac.Rules.Policies["p"].Condition = new Expr();

        Assert.Contains(Errors(rbac), e => e.EndsWith("condition: is not supported", StringComparison.Ordinal));
    }

    [Fact]
    public void A_field_of_a_later_version_is_an_error()
    {
        // Field 999, a varint, deep inside: an old client must not drop half of a rule.
        var permission = Permission.Parser.ParseFrom([.. new Permission { Any = true }.ToByteArray(), 0xB8, 0x3E, 0x01]);

        Assert.Contains(Errors(Rules(permission)), e => e.Contains("fields that this version does not know", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(31, true)]
    [InlineData(32, false)]
    [InlineData(90, false)]
    public void Rules_are_nested_32_deep_at_most(int nots, bool accepted)
    {
        var permission = new Permission { Any = true };
        for (var i = 0; i < nots; i++)
        {
            permission = new Permission { NotRule = permission };
        }

        Assert.Equal(!accepted, Errors(Rules(permission)).Any(e => e.Contains("are nested deeper than 32", StringComparison.Ordinal)));
    }

    [Fact]
    public void Values_in_lists_count_as_nested()
    {
        var value = new ValueMatcher { PresentMatch = true };
        for (var i = 0; i < 40; i++)
        {
            value = new ValueMatcher { ListMatch = new ListMatcher { OneOf = value } };
        }

        var metadata = new MetadataMatcher { Filter = "f", Value = value, Path = { new MetadataMatcher.Types.PathSegment { Key = "k" } } };
        Assert.Contains(Errors(Rules(new Permission { Metadata = metadata })), e => e.Contains("are nested deeper than 32", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(99_990, true)]
    [InlineData(200_000, false)]
    public void Conditions_are_counted(int count, bool accepted)
    {
        var or = new Permission { OrRules = new Permission.Types.Set() };
        or.OrRules.Rules.AddRange(Enumerable.Repeat(new Permission { Any = true }, count));

        Assert.Equal(!accepted, Errors(Rules(or)).Any(e => e.Contains("more than 100000 conditions", StringComparison.Ordinal)));
    }

    [Fact]
    public void Ranges_are_masked_and_hosts_are_authorities()
    {
        var decoded = Decode(Rules(new Permission { DestinationIp = new CidrRange { AddressPrefix = "10.1.2.3", PrefixLen = 8 } }), out var errors);

        Assert.Empty(errors);
        var address = Assert.IsType<RbacAddressConfig>(decoded!.Rules!.Policies[0].Permissions[0]);
        Assert.Equal("10.0.0.0/8", address.Range.Network.ToString());
        var host = Decode(Rules(Header("Host")), out _)!.Rules!.Policies[0].Permissions[0];
        Assert.Equal(":authority", Assert.IsType<RbacHeaderConfig>(host).Header.Name);
    }

    [Fact]
    public void A_disabled_filter_has_no_rules()
    {
        var context = new DecodeContext();
        var decoded = RbacFilterDecoder.Decode(new HttpFilter { Name = "rbac", Disabled = true, TypedConfig = Any.Pack(Rules(new Permission { Any = true })) }, context);

        Assert.Equal(new RbacFilterConfig("rbac", null, null), decoded);
    }

    private static Permission Header(string name) => new() { Header = new HeaderMatcher { Name = name, PresentMatch = true } };

    private static HttpRbac Rules(Permission permission) => new()
    {
        Rules = new RBAC { Policies = { ["p"] = new Policy { Permissions = { permission }, Principals = { new Principal { Any = true } } } } },
    };

    private static IReadOnlyList<string> Errors(HttpRbac rbac)
    {
        Decode(rbac, out var errors);
        return errors;
    }

    private static RbacFilterConfig? Decode(HttpRbac rbac, out IReadOnlyList<string> errors)
    {
        var context = new DecodeContext();
        var decoded = RbacFilterDecoder.Decode(new HttpFilter { Name = "rbac", TypedConfig = Any.Pack(rbac) }, context);
        errors = context.Errors;
        return decoded;
    }
}
