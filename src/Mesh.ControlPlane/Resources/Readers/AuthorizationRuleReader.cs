using ProxylessMesh.ControlPlane.Validation;
using ProxylessMesh.ControlPlane.Yaml;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.ControlPlane.Resources.Readers;

/// <summary>A rule: from, to, when.</summary>
internal static class AuthorizationRuleReader
{
    public static AuthorizationRule Read(YamlObject rule, string @namespace)
    {
        var from = Items(rule, "from", "source", source => AuthorizationSourceReader.Read(source, @namespace));
        var to = Items(rule, "to", "operation", AuthorizationOperationReader.Read);
        var when = rule.Objects("when").Select(AuthorizationConditionReader.Read).OfType<AuthorizationCondition>().ToEquatableArray();
        rule.Close(KnownFields.None);
        return new AuthorizationRule(from, to, when);
    }

    /// <summary>An entry that says nothing would match everything, which whoever wrote it cannot have meant: Istio refuses it, too.</summary>
    private static EquatableArray<T> Items<T>(YamlObject rule, string list, string name, Func<YamlObject, T> read)
        where T : class, new()
    {
        var items = rule.Objects(list);
        if (rule.Has(list) && items.Count == 0)
        {
            rule.Problems.Error(rule.PositionOf(list), ProblemCodes.Missing, $"{rule.PathOf(list)} is empty", "leave it out to match everything");
        }

        var result = new List<T>(items.Count);
        foreach (var item in items)
        {
            if (item.RequiredObject(name) is { } given)
            {
                var value = read(given);
                given.Close(KnownFields.None);
                if (value.Equals(new T()))
                {
                    item.Problems.Error(item.PositionOf(name), ProblemCodes.Missing, $"{item.PathOf(name)} says nothing", $"leave {list} out to match everything");
                }

                result.Add(value);
            }

            item.Close(KnownFields.None);
        }

        return result.ToEquatableArray();
    }
}
