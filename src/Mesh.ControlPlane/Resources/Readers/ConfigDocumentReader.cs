using System.Collections.Immutable;
using ProxylessMesh.ControlPlane.Validation;
using ProxylessMesh.ControlPlane.Yaml;

namespace ProxylessMesh.ControlPlane.Resources.Readers;

/// <summary>A YAML document to typed objects: one, none (skipped or wrong), or many (a List).</summary>
internal static class ConfigDocumentReader
{
    /// <summary>status is written by a cluster and never read.</summary>
    private static readonly KnownFields Known = new([], [], ["status"]);

    public static ImmutableArray<ReadObject> Read(YamlDocument document)
    {
        var results = ImmutableArray.CreateBuilder<ReadObject>();
        ReadNode(document.Root, document.Problems, results);
        return results.ToImmutable();
    }

    private static void ReadNode(YamlNode node, ImmutableArray<ConfigProblem> documentProblems, ImmutableArray<ReadObject>.Builder results)
    {
        if (node is not YamlMapping map)
        {
            results.Add(Unidentified(node, $"a configuration object is a map with apiVersion, kind and metadata, not {node.Description}"));
            return;
        }

        if (map.Find("apiVersion") is not YamlScalar { Type: ScalarType.Text, Text.Length: > 0 } apiVersion
            || map.Find("kind") is not YamlScalar { Type: ScalarType.Text, Text.Length: > 0 } kind)
        {
            results.Add(Unidentified(node, "apiVersion and kind are missing: they say what the object is"));
            return;
        }

        if (kind.Text.EndsWith("List", StringComparison.Ordinal) && map.Find("items") is YamlSequence items)
        {
            foreach (var item in items.Items)
            {
                ReadNode(item, documentProblems, results);
            }

            return;
        }

        results.Add(ReadKind(map, apiVersion, kind, documentProblems));
    }

    private static ReadObject ReadKind(YamlMapping map, YamlScalar apiVersion, YamlScalar kind, ImmutableArray<ConfigProblem> documentProblems)
    {
        var slash = apiVersion.Text.IndexOf('/', StringComparison.Ordinal);
        var group = slash < 0 ? "" : apiVersion.Text[..slash];
        if (KindCatalog.FindReader(group, kind.Text) is { } reader)
        {
            return ReadSupported(map, apiVersion, apiVersion.Text[(slash + 1)..], kind.Text, reader, documentProblems);
        }

        var problems = new ProblemList { Object = MetadataReader.NameForMessages(map, Quoted.Escape(kind.Text)) };
        if (KindCatalog.IsSkipped(group, kind.Text))
        {
            problems.Information(kind.Position, ProblemCodes.SkippedKind, $"kind {kind.Text} means nothing to the mesh: skipped");
            return new ReadObject(map.Position, null, null, problems.ToImmutable());
        }

        if (KindCatalog.IsUnsupported(group, kind.Text))
        {
            problems.Error(kind.Position, ProblemCodes.UnsupportedKind, $"kind {kind.Text} is not supported yet by this version: the object has no effect", UnsupportedKindHint.For(kind.Text, map));
            return new ReadObject(map.Position, null, null, problems.ToImmutable());
        }

        problems.Error(
            kind.Position, ProblemCodes.UnknownKind, $"kind {Quoted.Of(kind.Text)} of apiVersion {Quoted.Of(apiVersion.Text)} is unknown", KindCatalog.Suggest(group, kind.Text));
        return new ReadObject(map.Position, null, null, problems.ToImmutable(), IsUnidentified: true);
    }

    private static ReadObject ReadSupported(
        YamlMapping map, YamlScalar apiVersion, string version, string kind, KindReader reader, ImmutableArray<ConfigProblem> documentProblems)
    {
        var problems = new ProblemList();
        var document = new YamlObject(map, "", problems);
        document.Read("apiVersion");
        document.Read("kind");
        var meta = MetadataReader.Read(document, kind);
        if (meta is null)
        {
            problems.Object = MetadataReader.NameForMessages(map, kind);
            return new ReadObject(map.Position, null, null, problems.ToImmutable(), IsUnidentified: true);
        }

        if (!reader.Versions.Contains(version))
        {
            problems.Error(
                apiVersion.Position, ProblemCodes.UnknownKind, $"apiVersion {Quoted.Of(apiVersion.Text)} of kind {kind} is unknown: its versions are {string.Join(", ", reader.Versions)}");
            return new ReadObject(map.Position, meta.Id, null, problems.ToImmutable());
        }

        var spec = document.RequiredObject("spec");
        document.Close(Known);
        var result = spec is null ? null : reader.ReadSpec(meta, spec);
        var all = documentProblems.Select(p => p with { Object = meta.Id }).Concat(problems.ToImmutable()).ToImmutableArray();
        return new ReadObject(map.Position, meta.Id, all.Any(p => p.Severity == ProblemSeverity.Error) ? null : result, all);
    }

    private static ReadObject Unidentified(YamlNode node, string text) => new(
        node.Position, null, null, [new ConfigProblem(node.Position, ProblemSeverity.Error, ProblemCodes.NotAnObject, null, text)], IsUnidentified: true);
}
