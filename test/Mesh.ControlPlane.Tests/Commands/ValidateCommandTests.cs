using System.CommandLine;
using ProxylessMesh.ControlPlane.Commands;
using ProxylessMesh.ControlPlane.Tests.Sources.Files;

namespace ProxylessMesh.ControlPlane.Tests.Commands;

public sealed class ValidateCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Good_configuration_exits_with_0()
    {
        _folder.Write("a.yaml", "{apiVersion: v1, kind: Service, metadata: {name: a}, spec: {ports: [{port: 80}]}}");

        Assert.Equal((0, "1 object, 0 errors, 0 warnings\n", ""), Run(_folder.Path));
    }

    [Fact]
    public void Bad_configuration_exits_with_65_and_says_why()
    {
        _folder.Write("a.yaml", "{apiVersion: v1, kind: Servce, metadata: {name: a}}");

        var (exit, output, _) = Run(_folder.Path);

        Assert.Equal(65, exit);
        Assert.Equal(
            """
            a.yaml:1:24 error MESH1004 Servce default/a: kind "Servce" of apiVersion "v1" is unknown
                did you mean kind: Service?
            0 objects, 1 error, 0 warnings

            """,
            output);
    }

    [Fact]
    public void A_missing_folder_exits_with_64()
    {
        var (exit, output, error) = Run(_folder.PathOf("nowhere"));

        Assert.Equal((64, ""), (exit, output));
        Assert.Contains("does not exist", error, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private static (int Exit, string Output, string Error) Run(string folder)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var root = new RootCommand { ValidateCommand.Create(TimeProvider.System) };
        var exit = root.Parse(["validate", folder]).Invoke(new InvocationConfiguration { Output = output, Error = error });
        return (exit, output.ToString(), error.ToString());
    }
}
