using System.Diagnostics;
using System.Text.Json;
using ProxylessMesh.Xds.Config;
using ProxylessMesh.Xds.Routing;

namespace ProxylessMesh.Server.Authorization.Conditions;

/// <summary>A compiled <see cref="ValueMatchConfig"/>.</summary>
internal abstract class ValueMatch
{
    public static ValueMatch Compile(ValueMatchConfig config) => config switch
    {
        StringValueMatchConfig text => new Text(text.Text),
        NumberValueMatchConfig number => new Number(number),
        BoolValueMatchConfig wanted => new Kind(wanted.Value ? JsonValueKind.True : JsonValueKind.False),
        NullValueMatchConfig => new Kind(JsonValueKind.Null),
        PresentValueMatchConfig present => new Present(present.Present),
        ListValueMatchConfig list => new ListItem(Compile(list.Item)),
        AnyOfValueMatchConfig any => new AnyOf([.. any.Items.Select(Compile)]),
        _ => throw new UnreachableException($"No matcher for {config.GetType().Name}."),
    };

    /// <param name="value">Undefined when there is none.</param>
    public abstract bool Matches(JsonElement value);

    /// <param name="text">Null when there is none.</param>
    public virtual bool Matches(string? text) => false;

    private sealed class Text(StringMatchConfig config) : ValueMatch
    {
        private readonly StringMatcher _matcher = new(config);
        private readonly string? _exact = config is { Kind: StringMatchKind.Exact, IgnoreCase: false } ? config.Value : null;

        // The usual case makes no text of the value.
        public override bool Matches(JsonElement value) =>
            value.ValueKind == JsonValueKind.String && (_exact is null ? _matcher.Matches(value.GetString()) : value.ValueEquals(_exact));

        public override bool Matches(string? text) => text is not null && _matcher.Matches(text);
    }

    private sealed class Number(NumberValueMatchConfig config) : ValueMatch
    {
        public override bool Matches(JsonElement value) =>
            value.ValueKind == JsonValueKind.Number
            && value.TryGetDouble(out var number)
            && (config.Exact is { } exact ? number.Equals(exact) : number >= config.Start && number < config.End);
    }

    private sealed class Kind(JsonValueKind wanted) : ValueMatch
    {
        public override bool Matches(JsonElement value) => value.ValueKind == wanted;
    }

    private sealed class Present(bool wanted) : ValueMatch
    {
        public override bool Matches(string? text) => text is not null == wanted;

        public override bool Matches(JsonElement value) => value.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null) == wanted;
    }

    private sealed class ListItem(ValueMatch item) : ValueMatch
    {
        public override bool Matches(JsonElement value)
        {
            if (value.ValueKind != JsonValueKind.Array)
            {
                return false;
            }

            foreach (var element in value.EnumerateArray())
            {
                if (item.Matches(element))
                {
                    return true;
                }
            }

            return false;
        }
    }

    private sealed class AnyOf(ValueMatch[] items) : ValueMatch
    {
        public override bool Matches(string? text)
        {
            foreach (var item in items)
            {
                if (item.Matches(text))
                {
                    return true;
                }
            }

            return false;
        }

        public override bool Matches(JsonElement value)
        {
            foreach (var item in items)
            {
                if (item.Matches(value))
                {
                    return true;
                }
            }

            return false;
        }
    }
}
