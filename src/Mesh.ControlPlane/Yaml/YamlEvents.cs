using ProxylessMesh.ControlPlane.Resources;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace ProxylessMesh.ControlPlane.Yaml;

/// <summary>The parser's events with positions in a file. Whatever the library throws on hostile text becomes one kind of refusal.</summary>
internal sealed class YamlEvents(string file, string text)
{
    private readonly Parser _parser = new(new StringReader(text));

    public SourcePosition Position { get; private set; } = new(file, 1, 1);

    public ParsingEvent Current { get; private set; } = new StreamStart();

    /// <summary>The next event; a stream ends with <see cref="StreamEnd"/>.</summary>
    /// <exception cref="YamlRefusedException">The text is not valid YAML.</exception>
    public ParsingEvent Next()
    {
        try
        {
            Current = _parser.MoveNext() && _parser.Current is { } current ? current : new StreamEnd();
        }
        catch (YamlException syntax)
        {
            throw new YamlRefusedException(PositionOf(syntax.Start), Sentence(syntax.Message));
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException or FormatException or OverflowException or IndexOutOfRangeException)
        {
            // The scanner answers some malformed text with exceptions that are not its own (found by the fuzz test).
            throw new YamlRefusedException(Position, "not valid YAML after this place");
        }

        Position = PositionOf(Current.Start);
        return Current;
    }

    private static string Sentence(string message)
    {
        var text = Quoted.Escape(message.TrimEnd('.'), maxLength: 300);
        return text.Length == 0 ? "not valid YAML" : $"not valid YAML: {char.ToLowerInvariant(text[0])}{text[1..]}";
    }

    private SourcePosition PositionOf(Mark mark) => new(file, (int)mark.Line, (int)mark.Column);
}
