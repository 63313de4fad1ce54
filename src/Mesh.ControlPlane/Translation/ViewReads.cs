namespace ProxylessMesh.ControlPlane.Translation;

/// <summary>Which parts of a client a translation looked at: for clients that agree in these, it comes out the same.</summary>
internal sealed class ViewReads
{
    public ViewFields Fields { get; private set; } = ViewFields.Basic;

    public void Note(ViewFields field) => Fields |= field;
}
