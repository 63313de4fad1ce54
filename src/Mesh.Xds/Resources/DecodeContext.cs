using System.Globalization;
using System.Text;

namespace ProxylessMesh.Xds.Resources;

/// <summary>
/// Collects what is wrong with one resource, each error with the path of its field. Decoding goes on after an error, so that
/// one NACK tells all; a path is only written out when there is an error to report.
/// </summary>
internal sealed class DecodeContext
{
    /// <summary>Errors kept of one resource; a hostile one could bring millions.</summary>
    public const int MaxErrors = 100;

    private const int MaxQuoted = 120;

    private readonly List<(string Field, int Index)> _path = [];
    private readonly List<string> _errors = [];

    public IReadOnlyList<string> Errors => _errors;

    public bool HasErrors => _errors.Count > 0;

    /// <summary>Shows a peer's text in an error, shortened and without control characters.</summary>
    public static string Quote(string text)
    {
        var quoted = new StringBuilder("\"", Math.Min(text.Length, MaxQuoted) + 8);
        foreach (var c in text.AsSpan(0, Math.Min(text.Length, MaxQuoted)))
        {
            quoted.Append(char.IsControl(c) ? '\uFFFD' : c);
        }

        return quoted.Append(text.Length > MaxQuoted ? "...\"" : "\"").ToString();
    }

    /// <summary>Errors until the scope's disposal are about this field.</summary>
    public FieldScope Enter(string field) => Enter(field, -1);

    /// <summary>Errors until the scope's disposal are about this element of a repeated field.</summary>
    public FieldScope Enter(string field, int index)
    {
        _path.Add((field, index));
        return new FieldScope(this);
    }

    /// <summary>An error of the field that is entered.</summary>
    public void Error(string message)
    {
        if (_errors.Count < MaxErrors)
        {
            _errors.Add(_path.Count == 0 ? message : $"{Path()}: {message}");
        }
        else if (_errors.Count == MaxErrors)
        {
            _errors.Add("more errors are not listed");
        }
    }

    /// <summary>An error of a field below the one that is entered.</summary>
    public void Error(string field, string message)
    {
        using (Enter(field))
        {
            Error(message);
        }
    }

    /// <summary>Refuses a field that is set, that would change behaviour, and that this data plane does not do.</summary>
    public void Refuse(bool isSet, string field)
    {
        if (isSet)
        {
            Error(field, "is not supported");
        }
    }

    internal void Leave() => _path.RemoveAt(_path.Count - 1);

    private string Path()
    {
        var path = new StringBuilder();
        foreach (var (field, index) in _path)
        {
            if (path.Length > 0)
            {
                path.Append('.');
            }

            path.Append(field);
            if (index >= 0)
            {
                path.Append(CultureInfo.InvariantCulture, $"[{index}]");
            }
        }

        return path.ToString();
    }
}
