using System.Diagnostics.CodeAnalysis;
using ProxylessMesh.ControlPlane.Translation;

namespace ProxylessMesh.ControlPlane.Discovery;

/// <summary>
/// What one stream wants of one type, and what it was told: the part that both variants of the protocol share. Used by one request at
/// a time; <see cref="Status"/> may be read by anyone.
/// </summary>
/// <param name="typeUrl">Of the resources.</param>
/// <param name="allByDefault">Whether a client that never named anything means everything: LDS and CDS.</param>
internal abstract class Subscription(string typeUrl, bool allByDefault)
{
    protected const string Wildcard = "*";

    private volatile SubscriptionStatus _status = new(typeUrl, 0, Wildcard: false, SentVersion: null, AckedVersion: null, NackError: null);
    private bool _named;
    private bool _sharesNames;

    public string TypeUrl => typeUrl;

    public SubscriptionStatus Status => _status;

    public bool IsEmpty => Names.Count == 0 && !AllNames;

    /// <summary>Asked for by name.</summary>
    protected HashSet<string> Names
    {
        get;
        set
        {
            field = value;
            _sharesNames = false;
        }
    } = new(StringComparer.Ordinal);

    /// <summary>Everything is asked for.</summary>
    protected bool AllNames { get; private set; }

    /// <summary>What the client has, or is about to have.</summary>
    protected Dictionary<string, TranslatedResource> Sent { get; set; } = new(StringComparer.Ordinal);

    /// <summary>What the client was told does not exist.</summary>
    protected HashSet<string> ReportedMissing { get; set; } = new(StringComparer.Ordinal);

    /// <summary>Whether a push of this scope may have something to say.</summary>
    public bool IsTouchedBy(PushScope scope)
    {
        if (scope.IsEverything || AllNames || HasDebts)
        {
            return true;
        }

        foreach (var name in scope.Names(typeUrl))
        {
            if (Names.Contains(name))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>What the client should know now. What vanished can be kept for the while that other types still refer to it.</summary>
    /// <param name="view">The state as the client sees it.</param>
    /// <param name="keepVanished">Whether it is such a while.</param>
    /// <param name="scope">What may be new since the client was told last.</param>
    public SubscriptionContent Resolve(IResourceView view, bool keepVanished, PushScope scope)
    {
        if (!scope.IsEverything && !AllNames && !MustBeWhole)
        {
            return ResolvePart(view, keepVanished, scope);
        }

        var resources = new Dictionary<string, TranslatedResource>(Names.Count, StringComparer.Ordinal);
        var missing = new HashSet<string>(StringComparer.Ordinal);
        var keptVanished = false;
        List<KeyValuePair<string, Exception>>? failures = null;
        foreach (var name in AllNames ? Names.Union(view.AllNames(typeUrl)) : Names)
        {
            if (TryFind(view, name, out var found, ref failures))
            {
                resources[found.Name] = found;
            }
            else if (keepVanished && Sent.TryGetValue(name, out var last))
            {
                resources[name] = last;
                keptVanished = true;
            }
            else if (failures is null || failures[^1].Key != name)
            {
                missing.Add(name);
            }
        }

        if (keepVanished && AllNames)
        {
            foreach (var (name, last) in Sent)
            {
                keptVanished |= resources.TryAdd(name, last);
            }
        }

        foreach (var name in Doubtful)
        {
            if (!resources.ContainsKey(name) && !TryFind(view, name, out _, ref failures) && (failures is null || failures[^1].Key != name))
            {
                missing.Add(name);
            }
        }

        if (!AllNames && !_sharesNames)
        {
            ShareNames(resources);
        }

        return new SubscriptionContent(resources, missing, keptVanished, failures ?? []);
    }

    /// <summary>The texts that came with the requests are let go of, for those that all clients share.</summary>
    private void ShareNames(Dictionary<string, TranslatedResource> resources)
    {
        var shared = new HashSet<string>(Names.Count, StringComparer.Ordinal);
        foreach (var name in Names)
        {
            shared.Add(resources.TryGetValue(name, out var found) ? found.Name : name);
        }

        Names = shared;
        _sharesNames = true;
    }

    private SubscriptionContent ResolvePart(IResourceView view, bool keepVanished, PushScope scope)
    {
        var resources = new Dictionary<string, TranslatedResource>(StringComparer.Ordinal);
        HashSet<string> missing = [];
        var keptVanished = false;
        List<KeyValuePair<string, Exception>>? failures = null;
        foreach (var name in Debts.Concat(scope.Names(typeUrl)))
        {
            if (!Names.Contains(name) || resources.ContainsKey(name))
            {
                continue;
            }

            if (TryFind(view, name, out var found, ref failures))
            {
                resources[found.Name] = found;
            }
            else if (keepVanished && Sent.TryGetValue(name, out var last))
            {
                resources[name] = last;
                keptVanished = true;
            }
            else if (failures is null || failures[^1].Key != name)
            {
                missing.Add(name);
            }
        }

        return new SubscriptionContent(resources, missing, keptVanished, failures ?? []) { IsPartial = true };
    }

    /// <summary>Whether there is something to say.</summary>
    public abstract bool Differs(SubscriptionContent content);

    /// <summary>Makes the next <see cref="Differs"/> true, for as many of these names as the client has.</summary>
    public abstract void Repeat(IReadOnlyCollection<string> names);

    /// <summary>Names of which the client has another value.</summary>
    public IReadOnlyCollection<string> Replaced(SubscriptionContent content)
    {
        List<string>? replaced = null;
        foreach (var (name, resource) in content.Resources)
        {
            if (Sent.TryGetValue(name, out var last) && !last.IsSameAs(resource))
            {
                (replaced ??= []).Add(name);
            }
        }

        return replaced ?? (IReadOnlyCollection<string>)[];
    }

    /// <summary>Names that must be said again although nothing about them is new.</summary>
    protected virtual IEnumerable<string> Debts => [];

    /// <summary>Whether there is something to say even if nothing is new.</summary>
    protected abstract bool HasDebts { get; }

    /// <summary>Whether the next answer must look at all names.</summary>
    protected virtual bool MustBeWhole => false;

    /// <summary>Names that the client believes in without asking for them: it is told when they do not exist.</summary>
    protected virtual IEnumerable<string> Doubtful => [];

    protected void Update(Func<SubscriptionStatus, SubscriptionStatus> change) => _status = change(_status);

    /// <summary>
    /// Whether everything is asked for: with a star, or, until a name was sent for the first time, by a list that is empty
    /// (xDS protocol, "How the client specifies what resources to return").
    /// </summary>
    /// <returns>Whether that is new.</returns>
    protected bool UpdateWildcard(bool starred, bool namesGiven)
    {
        _named |= namesGiven;
        var before = AllNames;
        AllNames = starred || (allByDefault && !_named);
        return AllNames && !before;
    }

    /// <summary>Forgets what the client let go of, which it does by itself.</summary>
    protected void DropUnwanted()
    {
        if (AllNames)
        {
            return;
        }

        ReportedMissing.IntersectWith(Names);
        if (Sent.Keys.Any(name => !Names.Contains(name)))
        {
            Sent = Sent.Where(entry => Names.Contains(entry.Key)).ToDictionary(StringComparer.Ordinal);
        }
    }

    /// <summary>Takes note of what of the content the client will know to be missing.</summary>
    protected void NoteMissing(SubscriptionContent content)
    {
        if (!content.IsPartial)
        {
            ReportedMissing = content.Missing;
            return;
        }

        ReportedMissing.ExceptWith(content.Resources.Keys);
        ReportedMissing.UnionWith(content.Missing);
    }

    protected void AddName(string name)
    {
        Names.Add(name);
        _sharesNames = false;
    }

    protected void UpdateNameCount() => Update(s => s with { Names = Names.Count, Wildcard = AllNames });

    /// <summary>When the translation of one resource fails, the client keeps what it has of it, and hears of all others.</summary>
    [SuppressMessage("Design", "CA1031", Justification = "One resource that cannot be made must not end every stream that asks for it.")]
    private bool TryFind(
        IResourceView view, string name, [NotNullWhen(true)] out TranslatedResource? resource, ref List<KeyValuePair<string, Exception>>? failures)
    {
        try
        {
            resource = view.Find(typeUrl, name);
        }
        catch (Exception e)
        {
            (failures ??= []).Add(new(name, e));
            Sent.TryGetValue(name, out resource);
        }

        return resource is not null;
    }
}
