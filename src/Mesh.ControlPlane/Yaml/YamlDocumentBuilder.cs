using System.Collections.Immutable;
using ProxylessMesh.ControlPlane.Resources;
using ProxylessMesh.ControlPlane.Validation;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace ProxylessMesh.ControlPlane.Yaml;

/// <summary>One document's events to nodes. Nodes are immutable, so an alias shares the node of its anchor and only counts again.</summary>
internal sealed class YamlDocumentBuilder(YamlEvents events, NodeBudget budget)
{
    private const int MaxProblems = 20;

    private readonly Dictionary<string, YamlNode> _anchors = new(StringComparer.Ordinal);
    private readonly List<ConfigProblem> _problems = [];

    public YamlDocument Build() => new(ReadNode(level: 1), [.. _problems]);

    private YamlNode ReadNode(int level)
    {
        var current = events.Current;
        var at = events.Position;
        budget.CheckDepth(level, at);
        if (current is AnchorAlias alias)
        {
            return ReadAlias(alias, level, at);
        }

        budget.Take(1, at);
        YamlNode node = current switch
        {
            Scalar scalar => ReadScalar(scalar, at),
            SequenceStart sequence => ReadSequence(sequence, level, at),
            MappingStart mapping => ReadMapping(mapping, level, at),
            _ => throw new YamlRefusedException(at, "a value was expected"),
        };
        if (current is NodeEvent { Anchor.IsEmpty: false } anchored)
        {
            _anchors[anchored.Anchor.Value] = node;
        }

        return node;
    }

    private YamlNode ReadAlias(AnchorAlias alias, int level, SourcePosition at)
    {
        if (!_anchors.TryGetValue(alias.Value.Value, out var node))
        {
            throw new YamlRefusedException(at, $"the alias *{Quoted.Escape(alias.Value.Value)} has no anchor before it, or stands inside its own anchor");
        }

        budget.Take(node.Size, at);
        budget.CheckDepth(level + node.Depth - 1, at);
        return node;
    }

    private static YamlScalar ReadScalar(Scalar scalar, SourcePosition at)
    {
        if (!scalar.Tag.IsEmpty)
        {
            var type = ScalarTypes.OfTag(scalar.Tag.Value, scalar.Value)
                ?? throw new YamlRefusedException(at, $"the tag {Quoted.Escape(scalar.Tag.Value)} means nothing in configuration");
            return new YamlScalar(at, scalar.Value, type);
        }

        return new YamlScalar(at, scalar.Value, scalar.Style == ScalarStyle.Plain ? ScalarTypes.OfPlain(scalar.Value) : ScalarType.Text);
    }

    private YamlSequence ReadSequence(SequenceStart start, int level, SourcePosition at)
    {
        CheckTag(start, "tag:yaml.org,2002:seq", at);
        var items = ImmutableArray.CreateBuilder<YamlNode>();
        var (depth, size) = (0, 1);
        while (events.Next() is not SequenceEnd)
        {
            var item = ReadNode(level + 1);
            depth = Math.Max(depth, item.Depth);
            size += item.Size;
            items.Add(item);
        }

        return new YamlSequence(at, depth + 1, size, items.ToImmutable());
    }

    private YamlMapping ReadMapping(MappingStart start, int level, SourcePosition at)
    {
        CheckTag(start, "tag:yaml.org,2002:map", at);
        var entries = new MappingEntries();
        while (events.Next() is not MappingEnd)
        {
            var keyPosition = events.Position;
            if (ReadNode(level + 1) is not YamlScalar key)
            {
                throw new YamlRefusedException(keyPosition, "a key must be text");
            }

            events.Next();
            var value = ReadNode(level + 1);
            if (key is { Type: ScalarType.Text, Text: "<<" })
            {
                entries.Merge(value, keyPosition);
            }
            else if (!entries.TryAdd(new YamlEntry(key.Text, keyPosition, value), out var first))
            {
                ReportDuplicate(key.Text, keyPosition, first);
            }
        }

        return entries.ToMapping(at);
    }

    private void ReportDuplicate(string key, SourcePosition at, SourcePosition first)
    {
        if (_problems.Count < MaxProblems)
        {
            _problems.Add(new ConfigProblem(
                at, ProblemSeverity.Error, ProblemCodes.DuplicateKey, null, $"the key {Quoted.Of(key)} stands twice in this map (first at line {first.Line})", "remove one of them"));
        }
    }

    private static void CheckTag(NodeEvent start, string expected, SourcePosition at)
    {
        if (!start.Tag.IsEmpty && start.Tag.Value != expected)
        {
            throw new YamlRefusedException(at, $"the tag {Quoted.Escape(start.Tag.Value)} means nothing in configuration");
        }
    }
}
