namespace ProxylessMesh.Xds.Routing;

/// <summary>
/// Estimates how large an expression's automaton gets. Matching is linear in the text whatever the expression, but the factor is
/// the automaton: <c>(?:.*a){500}</c> keeps hundreds of positions at a time and takes seconds for a long path. What makes it grow is
/// the number of places that may stop or go on, times the number of copies that the counts stand for.
/// </summary>
internal sealed class RegexWeight
{
    /// <summary>The largest product of choices and copies.</summary>
    public const int MaxProduct = 2_048;

    /// <summary>The most copies; RE2 counts to 1000, too.</summary>
    public const int MaxCopies = 1_024;

    private readonly Stack<Group> _outer = new();
    private Group _group = new();

    /// <summary>Whether it got too large. Call at the end.</summary>
    public bool IsTooLarge()
    {
        _group.EndBranch();
        return _group.Largest.Copies > MaxCopies || (_group.Largest.Choices > 1 && _group.Worst > MaxProduct);
    }

    /// <summary>A character, a class, or an assertion.</summary>
    public void Atom() => _group.Append(new Part(0, 0));

    public void Open()
    {
        _outer.Push(_group);
        _group = new Group();
    }

    public void Close()
    {
        if (_outer.TryPop(out var outer))
        {
            _group.EndBranch();
            outer.Append(_group.Largest with { Branches = _group.Branches });
            _group = outer;
        }
    }

    public void Alternative() => _group.EndBranch();

    /// <summary>What stands before is repeated.</summary>
    /// <param name="max">How often at most; null: without end.</param>
    /// <param name="isVariable">Not always as often.</param>
    public void Repeat(int? max, bool isVariable) => _group.Repeat(Math.Max(1, max ?? 1), isVariable ? 1 : 0);

    /// <param name="Choices">Places where a match may stop or go on.</param>
    /// <param name="Copies">What the counts stand for, written out.</param>
    /// <param name="Branches">Alternatives.</param>
    private readonly record struct Part(long Choices, long Copies, int Branches = 1)
    {
        private const long Enough = 1_000_000;

        public Part Then(Part next) => new(Math.Min(Enough, Choices + next.Choices), Math.Min(Enough, Copies + next.Copies));

        public Part Times(int count, int choice)
        {
            // Alternatives cost nothing while they stand once: of a list of paths, only the right one survives the first characters.
            var choices = (count > 1 ? Choices + Branches - 1 : Choices) * count;

            // Counts within a count overlap in far more ways than one behind the other.
            var copies = Math.Max(1, Copies) * (count > 1 && Choices > 0 ? 4L * count : count);
            return new(Math.Min(Enough, choices + choice), Math.Min(Enough, copies));
        }
    }

    private sealed class Group
    {
        private Part _done;
        private Part _last;

        public Part Largest { get; private set; }

        public long Worst { get; private set; }

        public int Branches { get; private set; }

        public void Append(Part part)
        {
            _done = _done.Then(_last);
            _last = part;
        }

        public void Repeat(int count, int choice) => _last = _last.Times(count, choice);

        public void EndBranch()
        {
            var branch = _done.Then(_last);
            Largest = new(Math.Max(Largest.Choices, branch.Choices), Math.Max(Largest.Copies, branch.Copies));
            Worst += branch.Choices * branch.Copies;
            Branches++;
            _done = default;
            _last = default;
        }
    }
}
