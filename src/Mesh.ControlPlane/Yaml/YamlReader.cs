using System.Collections.Immutable;
using ProxylessMesh.ControlPlane.Resources;
using ProxylessMesh.ControlPlane.Validation;
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
    }

    private static ImmutableArray<YamlDocument> ReadDocuments(string file, string text, YamlLimits limits)
    {
        var documents = ImmutableArray.CreateBuilder<YamlDocument>();
        var budget = new NodeBudget(limits);
        var events = new YamlEvents(file, text);
        while (events.Next() is not StreamEnd)
        {
            if (events.Current is not DocumentStart)
            {
                continue;
            }

            if (documents.Count == limits.MaxDocuments)
            {
                throw new YamlRefusedException(events.Position, $"the file holds more than {limits.MaxDocuments} documents");
            }

            events.Next();
            var document = new YamlDocumentBuilder(events, budget).Build();
            if (document.Root is not YamlScalar { Type: ScalarType.Null })
            {
                documents.Add(document);
            }
        }

        return documents.ToImmutable();
    }

    private static YamlFile Failed(SourcePosition position, string text) =>
        new([], new ConfigProblem(position, ProblemSeverity.Error, ProblemCodes.Syntax, null, text, "the file's last good objects stay in use"));
}
