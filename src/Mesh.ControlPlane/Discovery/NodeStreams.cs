using ProxylessMesh.Xds.Grpc;

namespace ProxylessMesh.ControlPlane.Discovery;

/// <summary>Counts the streams of each node: one that opens ever more leaves the others their share.</summary>
internal sealed class NodeStreams(int most)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);

    /// <exception cref="GrpcException">It has too many already.</exception>
    public void Enter(string node)
    {
        lock (_lock)
        {
            var count = _counts.GetValueOrDefault(node);
            if (count >= most)
            {
                throw new GrpcException(GrpcStatusCode.ResourceExhausted, $"this node has {count} streams already");
            }

            _counts[node] = count + 1;
        }
    }

    public void Leave(string node)
    {
        lock (_lock)
        {
            if (--_counts[node] == 0)
            {
                _counts.Remove(node);
            }
        }
    }
}
