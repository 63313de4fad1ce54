using System.Net;
using ProxylessMesh.Client.NameResolution;

namespace ProxylessMesh.Client.Tests.NameResolution;

/// <summary>resolv.conf and hosts as a test wants them.</summary>
internal sealed class FixedFiles(string hosts = "", params IPEndPoint[] servers) : ResolverFiles
{
    public string[] Search { get; init; } = [];

    public int Dots { get; init; } = 1;

    public override ResolverSettings Settings => ResolverSettings.None with { Servers = servers, Search = Search, Dots = Dots, Attempts = 1 };

    public override string Hosts => hosts;
}
