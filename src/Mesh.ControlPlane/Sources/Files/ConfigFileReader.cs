using System.Text;
using ProxylessMesh.ControlPlane.Resources;
using ProxylessMesh.ControlPlane.Resources.Readers;
using ProxylessMesh.ControlPlane.Validation;
using ProxylessMesh.ControlPlane.Yaml;

namespace ProxylessMesh.ControlPlane.Sources.Files;

/// <summary>A file's bytes to objects.</summary>
internal static class ConfigFileReader
{
    private const string StaysHint = "the file's last good objects stay in use";

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <param name="name">For positions.</param>
    /// <param name="path">Where it lies.</param>
    /// <param name="limits">What it may hold.</param>
    public static ParsedFile Read(string name, string path, YamlLimits limits)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            var buffer = new byte[Math.Clamp(stream.Length, 0, limits.MaxBytes) + 1];
            var length = stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
            return length > limits.MaxBytes
                ? Unreadable(name, $"the file is larger than {limits.MaxBytes} bytes")
                : Parse(name, buffer.AsSpan(0, length), limits);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Unreadable(name, $"the file can't be read: {Reason(e)}");
        }
    }

    public static ParsedFile Parse(string name, ReadOnlySpan<byte> bytes, YamlLimits limits)
    {
        string text;
        try
        {
            text = Utf8.GetString(bytes.StartsWith(Encoding.UTF8.Preamble) ? bytes[Encoding.UTF8.Preamble.Length..] : bytes);
        }
        catch (DecoderFallbackException)
        {
            return Unreadable(name, "the file is not UTF-8 text");
        }

        var yaml = YamlReader.Read(name, text, limits);
        return yaml.Failure is { } failure
            ? ParsedFile.Broken(failure)
            : new ParsedFile(name, false, [.. yaml.Documents.SelectMany(d => ConfigDocumentReader.Read(d))], []) { Text = text };
    }

    /// <summary>Without the path, which the position names already.</summary>
    private static string Reason(Exception e) => e switch
    {
        UnauthorizedAccessException => "permission denied",
        FileNotFoundException or DirectoryNotFoundException => "it is a link to nothing",
        _ => e.GetType().Name,
    };

    private static ParsedFile Unreadable(string name, string text) => ParsedFile.Broken(
        new ConfigProblem(new SourcePosition(name, 1, 1), ProblemSeverity.Error, ProblemCodes.Unreadable, null, text, StaysHint));
}
