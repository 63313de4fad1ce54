using ProxylessMesh.ControlPlane.Resources;

namespace ProxylessMesh.ControlPlane.Yaml;

/// <summary>What a file has used of its limits.</summary>
internal sealed class NodeBudget(YamlLimits limits)
{
    private int _nodes;

    public void Take(int nodes, SourcePosition at)
    {
        if (nodes > limits.MaxNodes - _nodes)
        {
            throw new YamlRefusedException(at, $"the file holds more than {limits.MaxNodes} values, aliases counted with what they stand for");
        }

        _nodes += nodes;
    }

    public void CheckDepth(int depth, SourcePosition at)
    {
        if (depth > limits.MaxDepth)
        {
            throw new YamlRefusedException(at, $"nested deeper than {limits.MaxDepth} levels");
        }
    }
}
