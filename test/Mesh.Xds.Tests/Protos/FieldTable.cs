using System.Globalization;
using System.Text.RegularExpressions;
using Google.Protobuf.Reflection;

namespace ProxylessMesh.Xds.Tests.Protos;

/// <summary>The public definitions, and what in a declaration differs from them.</summary>
internal sealed partial class FieldTable
{
    private readonly Dictionary<string, Dictionary<int, Entry>> _types = [];

    public FieldTable(IEnumerable<string> lines)
    {
        Dictionary<int, Entry>? current = null;
        foreach (var line in lines.Where(l => l.Length > 0 && l[0] != '#'))
        {
            if (line[0] != ' ')
            {
                current = [];
                _types.Add(line, current);
                continue;
            }

            var parts = EntryLine().Match(line);
            Assert.True(parts.Success, $"The table's line cannot be read: {line}");
            current!.Add(
                int.Parse(parts.Groups["number"].Value, CultureInfo.InvariantCulture),
                new Entry(parts.Groups["name"].Value, parts.Groups["type"].Value, parts.Groups["oneof"].Value));
        }
    }

    /// <summary>Empty when all fields of the message, and of those in it, are as published.</summary>
    public IEnumerable<string> Differences(MessageDescriptor message)
    {
        var nested = message.NestedTypes.Where(t => t.GetOptions()?.MapEntry != true).SelectMany(Differences)
            .Concat(message.EnumTypes.SelectMany(Differences));
        return (_types.TryGetValue($"message {message.FullName}", out var entries)
            ? message.Fields.InDeclarationOrder().Select(field => Difference(field, entries)).OfType<string>()
            : [$"{message.FullName} is not in the table"]).Concat(nested);
    }

    public IEnumerable<string> Differences(EnumDescriptor declared)
    {
        if (!_types.TryGetValue($"enum {declared.FullName}", out var entries))
        {
            return [$"{declared.FullName} is not in the table"];
        }

        return declared.Values
            .Where(value => !entries.TryGetValue(value.Number, out var entry) || entry.Name != value.Name)
            .Select(value => $"{declared.FullName}: {value.Number} {value.Name} is not published");
    }

    private static string? Difference(FieldDescriptor field, Dictionary<int, Entry> entries)
    {
        if (!entries.TryGetValue(field.FieldNumber, out var entry))
        {
            return $"{field.FullName}: number {field.FieldNumber} is not published";
        }

        var oneof = field.RealContainingOneof?.Name ?? "";
        return entry.Name == field.Name && entry.OneOf == oneof && TypeIs(field, entry.Type)
            ? null
            : $"{field.FullName}: published as {field.FieldNumber} {entry.Name}: {entry.Type} (oneof '{entry.OneOf}')";
    }

    private static bool TypeIs(FieldDescriptor field, string published)
    {
        if (field.IsMap)
        {
            var map = MapType().Match(published);
            return map.Success
                && SingleTypeIs(field.MessageType.FindFieldByNumber(1), map.Groups["key"].Value)
                && SingleTypeIs(field.MessageType.FindFieldByNumber(2), map.Groups["value"].Value);
        }

        const string Repeated = "repeated ";
        return field.IsRepeated == published.StartsWith(Repeated, StringComparison.Ordinal)
            && SingleTypeIs(field, field.IsRepeated ? published[Repeated.Length..] : published);
    }

    private static bool SingleTypeIs(FieldDescriptor field, string published) => field.FieldType switch
    {
        FieldType.Message => Resolves(field, published, field.MessageType.FullName),
        FieldType.Enum => Resolves(field, published, field.EnumType.FullName),
        var scalar => published.Equals(scalar.ToString(), StringComparison.OrdinalIgnoreCase),
    };

    /// <summary>Whether the name, looked up from the field's scope outwards as protoc does, can be the type.</summary>
    private static bool Resolves(FieldDescriptor field, string published, string fullName)
    {
        var scope = field.ContainingType.FullName;
        while (true)
        {
            if ($"{scope}.{published}" == fullName)
            {
                return true;
            }

            var dot = scope.LastIndexOf('.');
            if (dot < 0)
            {
                return published == fullName;
            }

            scope = scope[..dot];
        }
    }

    [GeneratedRegex(@"^  (?<number>-?\d+) (?<name>\w+)(: (?<type>[^(]+?)( \(oneof (?<oneof>\w+)\))?)?$")]
    private static partial Regex EntryLine();

    [GeneratedRegex(@"^map<(?<key>[^,]+), ?(?<value>[^>]+)>$")]
    private static partial Regex MapType();

    private sealed record Entry(string Name, string Type, string OneOf);
}
