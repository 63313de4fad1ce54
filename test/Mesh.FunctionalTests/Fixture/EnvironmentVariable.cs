namespace ProxylessMesh.FunctionalTests.Fixture;

/// <summary>A variable of this process for as long as a test needs it.</summary>
internal sealed class EnvironmentVariable : IDisposable
{
    private readonly string _name;

    public EnvironmentVariable(string name, string value)
    {
        _name = name;
        Environment.SetEnvironmentVariable(name, value);
    }

    public void Dispose() => Environment.SetEnvironmentVariable(_name, null);
}
