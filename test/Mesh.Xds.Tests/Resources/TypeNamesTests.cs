using System.Reflection;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using ProxylessMesh.Xds.Resources;

namespace ProxylessMesh.Xds.Tests.Resources;

public class TypeNamesTests
{
    [Fact]
    public void Every_name_is_that_of_a_message_that_we_have()
    {
        var known = typeof(TypeNames).Assembly.GetTypes()
            .Where(t => typeof(IMessage).IsAssignableFrom(t) && !t.IsAbstract)
            .Select(t => ((MessageDescriptor)t.GetProperty("Descriptor", BindingFlags.Public | BindingFlags.Static)!.GetValue(null)!).FullName)
            .ToHashSet(StringComparer.Ordinal);
        var names = typeof(TypeNames).GetFields().Select(f => (string)f.GetRawConstantValue()!).ToArray();

        Assert.NotEmpty(names);
        Assert.All(names, name => Assert.Contains(name, known));
        Assert.Distinct(names);
    }
}
