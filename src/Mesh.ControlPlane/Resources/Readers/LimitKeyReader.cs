using ProxylessMesh.ControlPlane.Validation;
using ProxylessMesh.ControlPlane.Yaml;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.ControlPlane.Resources.Readers;

/// <summary>What tells callers apart: <c>source: identity</c>, <c>source: address</c>, <c>header: x-user</c>; in descriptors with a key, or <c>value</c>.</summary>
internal static class LimitKeyReader
{
    // Next to the policy's own entry, a descriptor has room for them.
    private const int MaxKeys = 4;

    // Envoy gives it no other.
    private const string AddressKey = "remote_address";

    private static readonly EnumNames<LimitKeyKind> Source = new(("identity", LimitKeyKind.Identity), ("address", LimitKeyKind.Address));

    /// <summary>Of a local limit.</summary>
    public static EquatableArray<LimitKey> Sources(YamlObject owner, string field)
    {
        var keys = new List<LimitKey>();
        foreach (var item in owner.Objects(field))
        {
            if (Read(item, key: null, canBeFixed: false) is { } key)
            {
                keys.Add(key);
            }

            item.Close(KnownFields.None);
        }

        if (keys.Count > MaxKeys || keys.Distinct().Count() < keys.Count || keys.Count(k => k.Kind == LimitKeyKind.Header) > 1)
        {
            owner.Problems.Error(
                owner.PositionOf(field), ProblemCodes.Conflict, $"{owner.PathOf(field)} takes source: identity, source: address and one header, each once", "put a second header into a limit of its own");
        }

        return keys.ToEquatableArray();
    }

    /// <summary>Of a descriptor.</summary>
    public static EquatableArray<LimitKey> Entries(YamlObject owner, string field)
    {
        var keys = new List<LimitKey>();
        var items = owner.Objects(field);
        foreach (var item in items)
        {
            if (item.RequiredString("key") is { } name && Read(item, name, canBeFixed: true) is { } key)
            {
                keys.Add(key);
            }

            item.Close(KnownFields.None);
        }

        if (items.Count is 0 or > MaxKeys)
        {
            owner.Problems.Error(owner.PositionOf(field), ProblemCodes.InvalidValue, $"{owner.PathOf(field)} needs 1 to {MaxKeys} entries");
        }

        return keys.ToEquatableArray();
    }

    private static LimitKey? Read(YamlObject item, string? key, bool canBeFixed)
    {
        var source = item.Has("source");
        var header = item.String("header");
        var value = canBeFixed ? item.String("value") : null;
        if ((source ? 1 : 0) + (header is null ? 0 : 1) + (value is null ? 0 : 1) != 1)
        {
            item.Read("source");
            item.Problems.Error(
                item.Position, ProblemCodes.LimitKeyUnclear, $"{item.Path} needs exactly one of {(canBeFixed ? "value, " : "")}source and header");
            return null;
        }

        if (source)
        {
            var kind = item.Enum("source", Source, LimitKeyKind.Identity);
            if (kind == LimitKeyKind.Address && key is not (null or AddressKey))
            {
                item.Problems.Error(item.PositionOf("key"), ProblemCodes.InvalidValue, $"{item.PathOf("key")} of an address must be {AddressKey}");
            }

            return new LimitKey(kind, kind == LimitKeyKind.Address ? AddressKey : key ?? "source_identity");
        }

        if (header is not null)
        {
            var name = JwtHeaderNames.Check(item, "header", header).ToLowerInvariant();
            if (name.Length == 0)
            {
                item.Problems.Error(item.PositionOf("header"), ProblemCodes.Missing, $"{item.PathOf("header")} is missing");
            }

            return new LimitKey(LimitKeyKind.Header, key ?? "header", name);
        }

        if (value!.Length == 0)
        {
            item.Problems.Error(item.PositionOf("value"), ProblemCodes.Missing, $"{item.PathOf("value")} is missing");
        }

        return new LimitKey(LimitKeyKind.Fixed, key!, value);
    }
}
