using System.Collections.Frozen;
using System.Text;
using System.Text.Json;
using ProxylessMesh.Xds.Identity;

namespace ProxylessMesh.ControlPlane.CertificateAuthority.Accounts;

/// <summary>
/// What service accounts are bound to, in <c>bindings.json</c> of the data directory:
/// <c>{"default/reviews": {"labels": {"app": ["reviews"]}, "workloads": ["reviews-v1"]}}</c>. It belongs to the account and not to a
/// token, so that it holds for whatever the account proves itself by.
/// </summary>
internal sealed class WorkloadBindings(DataDirectory directory)
{
    public const string FileName = "bindings.json";

    private readonly DataDirectory _directory = directory;
    private readonly FollowedFile<FrozenDictionary<string, WorkloadBinding>> _file = new(directory, FileName, Parse);

    /// <summary>In the newest file that could be read.</summary>
    public FrozenDictionary<string, WorkloadBinding> Current => _file.Current;

    /// <summary>Why the newest file is not in force, or null.</summary>
    public string? Problem => _file.Problem;

    /// <summary>Null = the account is bound to nothing.</summary>
    public WorkloadBinding? Find(SpiffeId id) => AccountName.Of(id) is { } name ? _file.Current.GetValueOrDefault(name) : null;

    /// <summary>Binds an account that is not bound, or to what it is bound to already.</summary>
    /// <exception cref="CertificateAuthorityException">It is bound to something else, or the file is damaged or cannot be written.</exception>
    public void Bind(string account, WorkloadBinding binding)
    {
        if (Current.TryGetValue(account, out var present))
        {
            if (!present.Equals(binding))
            {
                throw new CertificateAuthorityException(
                    $"{account} is bound already ({present}): certificates that it has would get the new rights too. Use another service account, or change {_directory.PathOf(FileName)}");
            }

            return;
        }

        _directory.WriteSecret(FileName, Write(Current.Append(KeyValuePair.Create(account, binding))));
    }

    private static string Write(IEnumerable<KeyValuePair<string, WorkloadBinding>> bindings)
    {
        using var text = new MemoryStream();
        using (var writer = new Utf8JsonWriter(text, new JsonWriterOptions { Indented = true }))
        {
            writer.WriteStartObject();
            foreach (var (account, binding) in bindings.OrderBy(b => b.Key, StringComparer.Ordinal))
            {
                writer.WriteStartObject(account);
                if (binding.Labels.Count > 0)
                {
                    writer.WriteStartObject("labels");
                    foreach (var (name, values) in binding.Labels)
                    {
                        WriteTexts(writer, name, values);
                    }

                    writer.WriteEndObject();
                }

                if (binding.Workloads.Count > 0)
                {
                    WriteTexts(writer, "workloads", binding.Workloads);
                }

                writer.WriteEndObject();
            }

            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(text.ToArray()) + "\n";
    }

    private static void WriteTexts(Utf8JsonWriter writer, string name, IEnumerable<string> texts)
    {
        writer.WriteStartArray(name);
        foreach (var text in texts)
        {
            writer.WriteStringValue(text);
        }

        writer.WriteEndArray();
    }

    // Whatever is not understood is an error: a binding that is misspelt would bind nothing.
    private static FrozenDictionary<string, WorkloadBinding> Parse(string text)
    {
        if (text.Length == 0)
        {
            return FrozenDictionary<string, WorkloadBinding>.Empty;
        }

        try
        {
            using var json = JsonDocument.Parse(text, new JsonDocumentOptions { AllowDuplicateProperties = false });
            return json.RootElement.EnumerateObject().ToFrozenDictionary(p => AccountName.Check(p.Name), p => Binding(p.Name, p.Value), StringComparer.Ordinal);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new FormatException(e.Message, e);
        }
    }

    private static WorkloadBinding Binding(string account, JsonElement json)
    {
        var labels = FrozenDictionary<string, IReadOnlyList<string>>.Empty;
        string[] workloads = [];
        foreach (var property in json.EnumerateObject())
        {
            switch (property.Name)
            {
                case "labels":
                    labels = property.Value.EnumerateObject().ToFrozenDictionary(l => l.Name, IReadOnlyList<string> (l) => Texts(l.Value), StringComparer.Ordinal);
                    break;
                case "workloads":
                    workloads = Texts(property.Value);
                    break;
                default:
                    throw new FormatException($"{account} has the unknown key \"{property.Name}\"");
            }
        }

        return labels.Count + workloads.Length > 0 ? new WorkloadBinding(labels, workloads) : throw new FormatException($"{account} is bound to nothing: give it labels or workloads");
    }

    private static string[] Texts(JsonElement list)
    {
        string[] texts = [.. list.EnumerateArray().Select(t => t.GetString() ?? throw new FormatException("null is no text"))];
        return texts.Length > 0 ? texts : throw new FormatException("an empty list allows nothing");
    }
}
