using ProxylessMesh.Client.Outcomes;

namespace System.Net.Http;

/// <summary>Reads what the mesh says of a response.</summary>
public static class HttpResponseMessageMeshExtensions
{
    /// <summary>The outcome, or null when the call did not go through the mesh.</summary>
    public static MeshOutcome? GetMeshOutcome(this HttpResponseMessage response)
    {
        ArgumentNullException.ThrowIfNull(response);
        return (response.Content as IOutcomeCarrier)?.Outcome;
    }
}
