namespace ProxylessMesh.Xds.Routing;

/// <summary>
/// How large an expression is once its counted repetitions are written out: <c>((a{1000}){1000}){1000}</c> is 21 characters
/// and a thousand million states.
/// </summary>
internal sealed class Re2Size
{
    private const long Max = 10_000;
    private const int MaxDepth = 200;

    private readonly Stack<(long Total, long Last)> _outer = new();
    private long _total;
    private long _last;

    public bool IsTooLarge => _total > Max;

    public int Depth => _outer.Count;

    public void Item()
    {
        _last = 1;
        _total++;
    }

    public void Alternative() => _last = 0;

    public void Repeat(int times)
    {
        var repeated = _last * Math.Max(times, 1);
        _total += repeated - _last;
        _last = repeated;
    }

    public bool TryOpen()
    {
        if (_outer.Count >= MaxDepth)
        {
            return false;
        }

        _outer.Push((_total, _last));
        (_total, _last) = (0, 0);
        return true;
    }

    public bool TryClose()
    {
        if (!_outer.TryPop(out var outer))
        {
            return false;
        }

        _last = Math.Max(_total, 1);
        _total = outer.Total + _last;
        return true;
    }

    /// <summary>What was opened as a group was only flags.</summary>
    public void Discard() => (_total, _last) = _outer.Pop();
}
