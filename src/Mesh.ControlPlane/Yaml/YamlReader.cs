using System.Collections.Immutable;
using ProxylessMesh.ControlPlane.Resources;
using ProxylessMesh.ControlPlane.Validation;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace ProxylessMesh.ControlPlane.Yaml;

/// <summary>
/// Text to documents with positions. Works on the parser's events rather than on YamlDotNet's ready-made document model,
/// because limits must hold while reading: that model recurses as deep as the text nests.
/// </summary>
internal static class YamlReader
{
    public static YamlFile Read(string file, string text, YamlLimits limits)
    {
        try
        {
            return new YamlFile(ReadDocuments(file, text, limits), null);
        }
        catch (YamlRefusedException refused)
        {
            return Failed(refused.Position, refused.Message);
        }
        catch (YamlException syntax)
        {
            return Failed(PositionOf(file, syntax.Start), Sentence(syntax.Message));
        }
    }

    private static ImmutableArray<YamlDocument> ReadDocuments(string file, string text, YamlLimits limits)
    {
        var documents = ImmutableArray.CreateBuilder<YamlDocument>();
        var budget = new NodeBudget(limits);
        var parser = new Parser(new StringReader(text));
        while (parser.MoveNext())
        {
            if (parser.Current is not DocumentStart start)
            {
                continue;
            }

            if (documents.Count == limits.MaxDocuments)
            {
                throw new YamlRefusedException(PositionOf(file, start.Start), $"the file holds more than {limits.MaxDocuments} documents");
            }

            parser.MoveNext();
            var document = new YamlDocumentBuilder(file, parser, budget).Build();
            if (document.Root is not YamlScalar { Type: ScalarType.Null })
            {
                documents.Add(document);
            }
        }

        return documents.ToImmutable();
    }

    private static YamlFile Failed(SourcePosition position, string text) =>
        new([], new ConfigProblem(position, ProblemSeverity.Error, ProblemCodes.Syntax, null, text, "the file's last good objects stay in use"));

    private static SourcePosition PositionOf(string file, Mark mark) => new(file, (int)mark.Line, (int)mark.Column);

    private static string Sentence(string message)
    {
        var text = Quoted.Escape(message.TrimEnd('.'), maxLength: 300);
        return text.Length == 0 ? "not valid YAML" : $"not valid YAML: {char.ToLowerInvariant(text[0])}{text[1..]}";
    }
}
