using System.Globalization;
using ProxylessMesh.ControlPlane.Validation;
using ProxylessMesh.ControlPlane.Yaml;
using ProxylessMesh.Xds.Config;

namespace ProxylessMesh.ControlPlane.Resources.Readers;

/// <summary>metadata: identity, labels, annotations, age.</summary>
internal static class MetadataReader
{
    private const string DefaultNamespace = "default";

    private static readonly KnownFields Known = new(
        [],
        [],
        [
            "generateName", "uid", "resourceVersion", "generation", "managedFields", "ownerReferences", "finalizers", "selfLink",
            "deletionTimestamp", "deletionGracePeriodSeconds", "clusterName",
        ]);

    /// <summary>Null when the object can't be told apart from others: its name or namespace is missing or wrong.</summary>
    public static ObjectMeta? Read(YamlObject document, string kind)
    {
        var problems = document.Problems;
        if (document.RequiredObject("metadata") is not { } metadata)
        {
            return null;
        }

        var name = Name(metadata, kind);
        var ns = Namespace(metadata);
        if (name is null || ns is null)
        {
            return null;
        }

        var id = new ObjectId(kind, ns, name);
        problems.Object = id;
        var meta = new ObjectMeta(id, metadata.Labels("labels"), metadata.StringMap("annotations"), CreatedAt(metadata), document.Position);
        metadata.Close(Known);
        return meta;
    }

    /// <summary>What the object calls itself, unchecked: for messages about kinds that are not read.</summary>
    public static ObjectId? NameForMessages(YamlMapping document, string kind)
    {
        if (document.Find("metadata") is not YamlMapping metadata || metadata.Find("name") is not YamlScalar name)
        {
            return null;
        }

        var ns = metadata.Find("namespace") is YamlScalar { Type: ScalarType.Text } text ? text.Text : DefaultNamespace;
        return new ObjectId(kind, Quoted.Escape(ns), Quoted.Escape(name.Text));
    }

    private static string? Name(YamlObject metadata, string kind)
    {
        var name = metadata.RequiredString("name");
        var isService = kind == "Service";
        if (name is null || (isService ? DnsName.IsServiceName(name) : DnsName.IsSubdomain(name)))
        {
            return name;
        }

        metadata.Problems.Error(
            metadata.PositionOf("name"),
            ProblemCodes.InvalidName,
            $"metadata.name {Quoted.Of(name)} of a {kind} is not a valid name",
            isService ? "lower-case letters, digits and '-', beginning with a letter, 63 characters at most" : "lower-case letters, digits, '-' and '.', beginning and ending with a letter or digit, 253 characters at most");
        return null;
    }

    private static string? Namespace(YamlObject metadata)
    {
        var ns = metadata.String("namespace");
        if (!metadata.Has("namespace"))
        {
            return DefaultNamespace;
        }

        if (ns is null || DnsName.IsLabel(ns))
        {
            return ns;
        }

        metadata.Problems.Error(
            metadata.PositionOf("namespace"), ProblemCodes.InvalidName, $"metadata.namespace {Quoted.Of(ns)} is not a valid name", "lower-case letters, digits and '-', 63 characters at most");
        return null;
    }

    private static DateTimeOffset? CreatedAt(YamlObject metadata)
    {
        if (metadata.String("creationTimestamp") is not { } text)
        {
            return null;
        }

        if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var created))
        {
            return created;
        }

        metadata.Problems.Error(metadata.PositionOf("creationTimestamp"), ProblemCodes.InvalidValue, $"metadata.creationTimestamp {Quoted.Of(text)} is not a time such as 2030-01-31T12:00:00Z");
        return null;
    }
}
