using Envoy.Config.Rbac.V3;
using Envoy.Type.Matcher.V3;
using ProxylessMesh.ControlPlane.Resources;

namespace ProxylessMesh.ControlPlane.Translation.Authorization;

/// <summary>What the JWT filter has verified, read from the metadata it leaves. gRPC libraries have no such filter, and connections no tokens.</summary>
internal static class TokenMatchers
{
    private const string JwtFilter = "envoy.filters.http.jwt_authn";
    private const string Payload = "payload";

    /// <summary>Where Istio's own filter leaves issuer and subject in one text, as policies write them.</summary>
    private const string IstioFilter = "istio_authn";
    private const string PrincipalKey = "request.auth.principal";

    public static void AddPrincipal(ClauseList<Principal> all, MatchValues values) =>
        Add(all, values, value => Metadata(IstioFilter, [PrincipalKey], new ValueMatcher { StringMatch = ValueMatchers.Text(value) }));

    /// <summary>A claim that is a text, or a list that holds it.</summary>
    public static void AddClaim(ClauseList<Principal> all, IEnumerable<string> path, MatchValues values) => Add(all, values, value =>
    {
        var text = new ValueMatcher { StringMatch = ValueMatchers.Text(value) };
        return Metadata(JwtFilter, path.Prepend(Payload), new ValueMatcher
        {
            OrMatch = new OrMatcher { ValueMatchers = { text, new ValueMatcher { ListMatch = new ListMatcher { OneOf = text.Clone() } } } },
        });
    });

    private static void Add(ClauseList<Principal> all, MatchValues values, Func<string, Principal> make)
    {
        if (values.IsEmpty)
        {
            return;
        }

        if (all.Context.Profile == ProxyProfile.Grpc || all.Context.IsTcp)
        {
            all.AddUnknown();
            return;
        }

        all.Add(values, value => [make(value)]);
    }

    private static Principal Metadata(string filter, IEnumerable<string> path, ValueMatcher value) => new()
    {
        Metadata = new MetadataMatcher
        {
            Filter = filter,
            Path = { path.Select(key => new MetadataMatcher.Types.PathSegment { Key = key }) },
            Value = value,
        },
    };
}
