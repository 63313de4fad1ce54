using System.Collections.Immutable;
using ProxylessMesh.ControlPlane.Model;
using ProxylessMesh.ControlPlane.Resources;

namespace ProxylessMesh.ControlPlane.Validation;

/// <summary>
/// Makes a set of objects whose references hold, as far as last good versions allow it. A VirtualService whose route leads
/// nowhere is held back: its last good version stands in, or nothing. Where that one too needs a subset that a
/// DestinationRule has just lost, the DestinationRule's change is held back as well, so that traffic goes on. What is held
/// back only grows until nothing more fails, and it is worked out anew each time from the same two inputs.
/// </summary>
internal sealed class ReferenceResolution
{
    private readonly ImmutableDictionary<ObjectId, MeshObject> _candidates;
    private readonly ImmutableDictionary<ObjectId, MeshObject> _previous;
    private readonly MeshSettings _settings;
    private readonly HashSet<ObjectId> _heldBack = [];
    private readonly List<ConfigProblem> _problems = [];

    private ReferenceResolution(ImmutableDictionary<ObjectId, MeshObject> candidates, ImmutableDictionary<ObjectId, MeshObject> previous, MeshSettings settings)
    {
        _candidates = candidates;
        _previous = previous;
        _settings = settings;
        Objects = candidates;
    }

    public ImmutableDictionary<ObjectId, MeshObject> Objects { get; private set; }

    /// <summary>Objects whose last good version is used, or none.</summary>
    public IReadOnlySet<ObjectId> HeldBack => _heldBack;

    public IReadOnlyList<ConfigProblem> Problems => _problems;

    public static ReferenceResolution Resolve(
        ImmutableDictionary<ObjectId, MeshObject> candidates, ImmutableDictionary<ObjectId, MeshObject> previous, MeshSettings settings)
    {
        var resolution = new ReferenceResolution(candidates, previous, settings);
        while (resolution.HoldBackMore())
        {
        }

        return resolution;
    }

    private bool HoldBackMore()
    {
        var hosts = new HostIndex(Objects.Values, _settings);
        var more = new List<ObjectId>();
        foreach (var service in Objects.Values.OfType<VirtualService>().OrderBy(v => v.Meta.Id, ObjectOrder.Instance))
        {
            var faults = RouteReferences.Check(service, hosts);
            if (faults.Count == 0)
            {
                continue;
            }

            if (!_heldBack.Contains(service.Meta.Id))
            {
                more.Add(service.Meta.Id);
                _problems.AddRange(faults.Select(f => f.Problem));
            }
            else
            {
                more.AddRange(faults.SelectMany(f => RulesToKeep(service, f, hosts)));
            }
        }

        foreach (var id in more)
        {
            _heldBack.Add(id);
            Objects = _previous.TryGetValue(id, out var lastGood) ? Objects.SetItem(id, lastGood) : Objects.Remove(id);
        }

        return more.Count > 0;
    }

    private IEnumerable<ObjectId> RulesToKeep(VirtualService service, ReferenceFault fault, HostIndex hosts)
    {
        foreach (var rule in hosts.RulesFor(fault.Host))
        {
            if (fault.Subset is null
                || _heldBack.Contains(rule.Meta.Id)
                || _previous.GetValueOrDefault(rule.Meta.Id) is not DestinationRule lastGood
                || !lastGood.Subsets.Any(s => s.Name == fault.Subset))
            {
                continue;
            }

            var candidate = (DestinationRule)_candidates[rule.Meta.Id];
            _problems.Add(new ConfigProblem(
                candidate.Meta.Position,
                ProblemSeverity.Error,
                ProblemCodes.HeldBack,
                rule.Meta.Id,
                $"lacks subset \"{fault.Subset}\", to which {service.Meta.Id} still routes: its last good version stays in use",
                $"keep the subset until no route names it, or delete {rule.Meta.Id}"));
            yield return rule.Meta.Id;
        }
    }
}
