using System.Collections.Immutable;
using ProxylessMesh.ControlPlane.Resources;
using ProxylessMesh.ControlPlane.Validation;

namespace ProxylessMesh.ControlPlane.Yaml;

/// <summary>What is wrong with one object; bounded, because a file can hold any number of mistakes.</summary>
internal sealed class ProblemList
{
    private const int Max = 50;

    private readonly ImmutableArray<ConfigProblem>.Builder _problems = ImmutableArray.CreateBuilder<ConfigProblem>();

    /// <summary>Named in every problem once it is known.</summary>
    public ObjectId? Object { get; set; }

    public bool HasErrors { get; private set; }

    /// <summary>Whether further problems would not be kept, so that looking for them is in vain.</summary>
    public bool IsFull => _problems.Count == Max;

    public void Error(SourcePosition at, string code, string text, string? hint = null) => Add(at, ProblemSeverity.Error, code, text, hint);

    public void Warning(SourcePosition at, string code, string text, string? hint = null) => Add(at, ProblemSeverity.Warning, code, text, hint);

    public void Information(SourcePosition at, string code, string text, string? hint = null) => Add(at, ProblemSeverity.Information, code, text, hint);

    public ImmutableArray<ConfigProblem> ToImmutable() => _problems.ToImmutable();

    private void Add(SourcePosition at, ProblemSeverity severity, string code, string text, string? hint)
    {
        HasErrors |= severity == ProblemSeverity.Error;
        if (!IsFull)
        {
            _problems.Add(new ConfigProblem(at, severity, code, Object, text, hint));
        }
    }
}
