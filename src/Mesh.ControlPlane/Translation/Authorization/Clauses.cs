using Envoy.Config.Rbac.V3;
using ProxylessMesh.ControlPlane.Resources;

namespace ProxylessMesh.ControlPlane.Translation.Authorization;

/// <summary>A list of values and its not-form: one of these, and none of those.</summary>
internal static class Clauses
{
    /// <param name="all">Receives the clause.</param>
    /// <param name="values">The values.</param>
    /// <param name="make">Of a value, and whether it is one of the not-form.</param>
    public static void Add(this ClauseList<Permission> all, MatchValues values, Func<string, bool, IEnumerable<Permission>> make)
    {
        if (values.Values.Count > 0)
        {
            all.Items.Add(AnyOf(values.Values.SelectMany(v => make(v, false))));
        }

        if (values.NotValues.Count > 0)
        {
            all.Items.Add(new Permission { NotRule = AnyOf(values.NotValues.SelectMany(v => make(v, true))) });
        }
    }

    /// <inheritdoc cref="Add(ClauseList{Permission}, MatchValues, Func{string, bool, IEnumerable{Permission}})"/>
    public static void Add(this ClauseList<Principal> all, MatchValues values, Func<string, IEnumerable<Principal>> make)
    {
        if (values.Values.Count > 0)
        {
            all.Items.Add(AnyOf(values.Values.SelectMany(make)));
        }

        if (values.NotValues.Count > 0)
        {
            all.Items.Add(new Principal { NotId = AnyOf(values.NotValues.SelectMany(make)) });
        }
    }

    private static Permission AnyOf(IEnumerable<Permission> items) => new() { OrRules = new Permission.Types.Set { Rules = { items } } };

    private static Principal AnyOf(IEnumerable<Principal> items) => new() { OrIds = new Principal.Types.Set { Ids = { items } } };
}
