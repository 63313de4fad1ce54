namespace ProxylessMesh.ControlPlane.Discovery;

/// <summary>A stranger's text on its way to a log: on one line and of bounded length.</summary>
internal static class LogText
{
    private const int MaxLength = 2048;

    public static string Of(string text)
    {
        var cut = text.Length > MaxLength ? string.Concat(text.AsSpan(0, MaxLength), "...") : text;
        return string.Create(cut.Length, cut, static (target, source) =>
        {
            for (var i = 0; i < source.Length; i++)
            {
                target[i] = char.IsControl(source[i]) ? ' ' : source[i];
            }
        });
    }
}
